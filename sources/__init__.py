"""What a person's files say: read safely, cut into passages, found again, cited by number.

`reading.read` makes an extract of a file; `chunks.chunks` cuts it for a reader, and
`passages.passages` for an `index.Index`. What a search finds is numbered and fenced for a writer
by `showing`; what he writes is resolved by `citations.Bibliography`, listed by `references`, and
taken apart for a judge by `claims`. Nothing here calls a model or keeps anything.
"""
