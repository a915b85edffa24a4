"""What the layer brings to every function of the lab."""

GREETING = "from the layer"
