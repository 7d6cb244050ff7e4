"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

BaseUrl = Annotated[
    str | None,
    typer.Option(help="An OpenAI-compatible server, such as http://127.0.0.1:8000/v1.",
                 rich_help_panel="Model"),
]  # fmt: skip
Model = Annotated[
    str | None,
    typer.Option(help="Its model; may be left out where there is only one.",
                 rich_help_panel="Model"),
]  # fmt: skip
ApiKey = Annotated[
    str | None,
    typer.Option(help="Its key, where it needs one.", envvar="LONGLEAF_API_KEY",
                 show_envvar=True, rich_help_panel="Model"),
]  # fmt: skip
EndpointName = Annotated[
    str | None,
    typer.Option(help="The name of an endpoint, or `embedded`.", rich_help_panel="Model"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]
Estimated = Annotated[
    bool, typer.Option("--estimate", help="Say what it would take, and write nothing.")
]
