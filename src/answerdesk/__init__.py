"""Answerdesk: a self-hosted AI front desk for websites and apps."""

import os

# Before numpy is loaded: our matrices are small, and BLAS threads beside those of the model's
# runtime cost several times what they gain on a machine with few cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
