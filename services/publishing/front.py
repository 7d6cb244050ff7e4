"""What stands before and beside a document's text: title page, contents, language, direction."""

from __future__ import annotations

from dataclasses import dataclass

from domain.text.markdown import readable
from llm.cleaning import clean_text

_CONTENTS = {
    "en": "Contents", "zh": "目录", "ja": "目次", "ko": "목차", "de": "Inhalt", "nl": "Inhoud",
    "fr": "Table des matières", "es": "Índice", "pt": "Índice", "it": "Indice", "ca": "Índex",
    "ru": "Содержание", "uk": "Зміст", "bg": "Съдържание", "sr": "Садржај", "pl": "Spis treści",
    "cs": "Obsah", "sk": "Obsah", "sl": "Kazalo", "hr": "Sadržaj", "ro": "Cuprins",
    "hu": "Tartalom", "fi": "Sisällys", "sv": "Innehåll", "da": "Indhold", "no": "Innhold",
    "tr": "İçindekiler", "el": "Περιεχόμενα", "he": "תוכן העניינים", "ar": "المحتويات",
    "fa": "فهرست", "ur": "فہرست", "hi": "विषय-सूची", "th": "สารบัญ", "vi": "Mục lục",
    "id": "Daftar Isi",
}  # fmt: skip
CONTENTS = frozenset(_CONTENTS.values()) | {"Table of Contents"}
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
_CJK = {"zh": "SC", "ja": "JP", "ko": "KR"}
REFERENCES = {
    "references", "bibliography", "works cited", "literature", "sources", "参考文献", "參考文獻",
    "参考资料", "literaturverzeichnis", "literatur", "quellen", "bibliographie", "références",
    "referencias", "bibliografía", "referências", "bibliografia", "riferimenti", "литература",
    "список литературы", "المراجع", "מקורות", "참고문헌",
}  # fmt: skip
"""Headings of lists of references, in lower case: they bear no number."""


@dataclass(frozen=True)
class Front:
    """What every format says of a document besides its text."""

    identifier: str
    title: str
    language: str
    """ISO 639-1 code."""
    date: str
    """ISO 8601, such as 2026-11-22."""

    @property
    def right_to_left(self) -> bool:
        """Whether it is read from the right."""
        return self.language in _RIGHT_TO_LEFT

    @property
    def cjk(self) -> str:
        """Whose shapes Han characters take: SC, JP, KR; empty in another language."""
        return _CJK.get(self.language, "")

    @property
    def contents(self) -> str:
        """What stands above a table of contents."""
        return _CONTENTS.get(self.language, _CONTENTS["en"])

    def meta(self) -> dict[str, str]:
        """The metadata of pandoc."""
        known = {
            "title": self.title,
            "lang": self.language,
            "date": self.date,
            "identifier": f"urn:longleaf:{self.identifier}",
            "toc-title": self.contents,
        }
        return {**known, "dir": "rtl"} if self.right_to_left else known


def plain_title(title: str) -> str:
    """A title as one line without Markdown; "Untitled" where nothing is left."""
    return " ".join(readable(clean_text(title)).split())[:300] or "Untitled"
