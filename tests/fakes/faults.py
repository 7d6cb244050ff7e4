"""Knows every fault of an endpoint by name."""

from __future__ import annotations

from tests.fakes.breakoffs import BREAKOFFS
from tests.fakes.excesses import EXCESSES
from tests.fakes.nonanswers import NONANSWERS
from tests.fakes.oddities import ODDITIES
from tests.fakes.refusals import REFUSALS
from tests.fakes.victim import Fault

FAULTS: dict[str, Fault] = {**REFUSALS, **NONANSWERS, **BREAKOFFS, **EXCESSES, **ODDITIES}
