"""Who writes: planner, writer, extender, fixer, and the LangGraph graph that joins them."""
