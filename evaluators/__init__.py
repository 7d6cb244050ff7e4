"""How text is measured: each evaluator has a name, a version, and a score that may be unscored."""
