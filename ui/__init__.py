"""The browser's face: layout in `page`, what events do in `handlers`, text in `render`."""
