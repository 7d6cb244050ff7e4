"""What models are told: one Jinja2 template per agent action, and the library that renders them."""
