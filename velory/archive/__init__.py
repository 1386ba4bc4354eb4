"""All that a company has, in one file: what goes in, how it is made, and how anybody checks it."""
