"""A stand-in for a company's identity provider: speaks OpenID Connect, signs with keys of its own, and can forge."""
