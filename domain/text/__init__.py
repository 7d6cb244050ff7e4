"""What a text is made of: words, sentences, languages, places, changes."""
