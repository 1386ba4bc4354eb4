"""The return of a device, from its holder's final choice to the release (spec 2): the leasing provider is told and has
a page of its own, a label comes, the replacement comes, then it is time to send it back."""
