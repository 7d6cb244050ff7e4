"""Which formulas may reach a TeX engine: a model's text must not run TeX's programming language."""

from __future__ import annotations

import re

MAX_FORMULA = 2_000
"""Characters."""

_COMMANDS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda
Xi Pi Sigma Upsilon Phi Psi Omega aleph hbar ell Re Im nabla partial infty emptyset varnothing
forall exists nexists neg lnot top bot angle triangle prime backslash degree
frac dfrac tfrac cfrac binom dbinom tbinom sqrt sum prod coprod int iint iiint oint bigcup
bigcap bigoplus bigotimes bigvee bigwedge lim limsup liminf sup inf max min arg det dim exp
gcd hom ker lg ln log Pr sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth deg
pm mp times div cdot ast star circ bullet cap cup uplus sqcap sqcup vee wedge lor land setminus
oplus ominus otimes oslash odot dagger ddagger amalg
le leq ge geq ne neq ll gg equiv sim simeq approx cong propto doteq models perp mid nmid
parallel prec succ preceq succeq subset supset subseteq supseteq nsubseteq subsetneq in ni
notin vdash dashv leqslant geqslant lesssim gtrsim therefore because
to gets leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow mapsto
longleftarrow longrightarrow longmapsto Longleftarrow Longrightarrow Longleftrightarrow
uparrow downarrow updownarrow Uparrow Downarrow hookrightarrow rightharpoonup rightleftharpoons
iff implies impliedby xrightarrow xleftarrow
ldots cdots vdots ddots dots dotsc dotsb quad qquad not limits nolimits displaystyle textstyle
left right big Big bigg Bigg bigl bigr Bigl Bigr langle rangle lfloor rfloor lceil rceil
lbrace rbrace lvert rvert lVert rVert vert Vert
hat widehat bar overline underline tilde widetilde vec dot ddot check breve acute grave
overbrace underbrace overset underset stackrel boxed substack
mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm text textbf
textit textrm operatorname pmod bmod mod begin end
"""
_KNOWN = frozenset(_COMMANDS.split())
_ENVIRONMENTS = {
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "cases", "aligned",
    "gathered", "array", "split",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([A-Za-z]*\*?)\}")
_ESCAPED = re.compile(r"\\[^A-Za-z]")
_FORBIDDEN = re.compile(r"[%#$~]|\^\^|\n[ \t]*\n")


def harmless(formula: str) -> bool:
    """Whether a formula only uses known commands and closes whatever it opens."""
    if not formula.strip() or len(formula) > MAX_FORMULA or formula.endswith("\\"):
        return False
    bare = _ESCAPED.sub("", formula)
    if _FORBIDDEN.search(bare) or not _KNOWN.issuperset(_COMMAND.findall(bare)):
        return False
    return _braces_close(bare) and _environments_close(bare) and _sides_close(bare)


def _braces_close(bare: str) -> bool:
    depth = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _environments_close(bare: str) -> bool:
    open_ones: list[str] = []
    for which, name in _ENVIRONMENT.findall(bare):
        if name not in _ENVIRONMENTS:
            return False
        if which == "begin":
            open_ones.append(name)
        elif not open_ones or open_ones.pop() != name:
            return False
    counted = len(_ENVIRONMENT.findall(bare))
    named = sum(name in ("begin", "end") for name in _COMMAND.findall(bare))
    return not open_ones and counted == named and ("&" not in bare or counted > 0)


def _sides_close(bare: str) -> bool:
    names = _COMMAND.findall(bare)
    return names.count("left") == names.count("right")
