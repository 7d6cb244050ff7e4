"""Vectors as they are stored: numbers in single precision, each vector 1 long."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Owned, belongs_to


class PassageVectorsRow(Owned, Base):
    """Some neighbouring passages of a source, by one model."""

    __tablename__ = "passage_vectors"

    source_id: Mapped[str] = mapped_column(belongs_to("sources.id"), primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    """`endpoint/model`, as settings write it."""
    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Position of the first of them."""
    count: Mapped[int]
    length: Mapped[int]
    """Numbers in each vector."""
    data: Mapped[bytes]


class QuestionVectorRow(Owned, Base):
    """What a section of a document searches with, by one model."""

    __tablename__ = "question_vectors"

    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"), primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    """Of the text, in hexadecimal."""
    data: Mapped[bytes]
