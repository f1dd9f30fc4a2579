"""A stand-in BigCommerce and BundleB2B: two stores with trade in them, spoken to over HTTP.

Serves the demo, the stories and the fault campaigns. It imports Flask, PyJWT and the standard
library only: it must not share the product's mistakes.
"""
