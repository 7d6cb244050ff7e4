"""Which language a browser is shown."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from ui.mount import preferred


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
        ({"accept-language": "de-DE,zh;q=0.8"}, "en"),
        ({"accept-language": ";;,,"}, "en"),
        ({"accept-language": "zh", "cookie": "a=1; longleaf_language=en"}, "en"),
        ({"accept-language": "en", "cookie": "longleaf_language=zh"}, "zh"),
        ({"cookie": "longleaf_language=tlh"}, "en"),
    ],
)
def test_the_chosen_language_goes_before_the_browsers(
    headers: dict[str, str], language: str
) -> None:
    assert preferred(Headers(headers)) == language
