"""Small convex fits with sign constraints, the same to the digit wherever they run."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Objective = Callable[[Vector], tuple[float, Vector, Matrix]]
"""Loss, gradient and (an upper bound of) the Hessian at some weights."""

_STEPS: Final = 200
_HALVINGS: Final = 30
_ENOUGH: Final = 1e-10


def minimise(objective: Objective, signs: Vector) -> Vector:
    """Return the weights of least loss by projected Newton steps from zero.

    Where `signs` is 1 or -1 a weight may not have the other sign.
    """
    weights = np.zeros(signs.size)
    loss, gradient, hessian = objective(weights)
    for _ in range(_STEPS):
        free = (signs == 0) | (weights != 0) | (signs * gradient < 0)
        if not free.any():
            break
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
        size = 1.0
        for _ in range(_HALVINGS):
            tried = weights - size * step
            tried[signs * tried < 0] = 0.0
            after = objective(tried)
            if after[0] < loss:
                break
            size /= 2
        else:
            break
        gained = loss - after[0]
        weights, (loss, gradient, hessian) = tried, after
        if gained < _ENOUGH:
            break
    return weights


def fit_logistic(
    features: Matrix,
    right: Vector,
    signs: Vector,
    ridge: float,
    counts: Vector | None = None,
    offset: Vector | None = None,
) -> Vector:
    """Return weights and a constant: the logistic regression of `right` on features (rows, n).

    The ridge is on weights of features scaled to unit deviation; `counts` weighs the rows, and
    `offset` is what each row's log odds have already.
    """
    count = np.ones(len(right)) if counts is None else counts
    share = count / count.sum()
    given = np.zeros(len(right)) if offset is None else offset
    scale = features.std(axis=0) + 1e-9
    scaled = np.column_stack((features / scale, np.ones(len(features))))
    penalty = np.append(np.full(features.shape[1], ridge), 1e-9)

    def objective(weights: Vector) -> tuple[float, Vector, Matrix]:
        score = scaled @ weights + given
        chance = 1 / (1 + np.exp(-score))
        loss = share @ (np.logaddexp(0, score) - right * score) + penalty @ weights**2
        gradient = scaled.T @ (share * (chance - right)) + 2 * penalty * weights
        curved = (scaled * (share * chance * (1 - chance))[:, None]).T @ scaled
        return float(loss), gradient, curved + 2 * np.diag(penalty)

    weights = minimise(objective, np.append(signs, 0.0))
    return np.append(weights[:-1] / scale, weights[-1])


def fit_choice(
    features: NDArray[np.float64], there: NDArray[np.bool_], right: NDArray[np.bool_], ridge: float
) -> Vector:
    """Return weights so that the right ones of each row's choices have the highest scores.

    `features` has the shape (rows, choices, n); `there` and `right` (rows, choices) tell which
    choices exist and which are right, at least one a row. A conditional logit with the ridge on
    weights of features scaled to unit deviation within a row.
    """
    known = there[..., None]
    middle = (features * known).sum(axis=1, keepdims=True) / known.sum(axis=1, keepdims=True)
    apart = (features - middle) * known
    scale = np.sqrt((apart**2).sum(axis=(0, 1)) / there.sum()) + 1e-9
    scaled = apart / scale
    size = features.shape[2]

    def objective(weights: Vector) -> tuple[float, Vector, Matrix]:
        score = np.where(there, scaled @ weights, -np.inf)
        weight = np.exp(score - score.max(axis=1, keepdims=True))
        total, rightly = weight.sum(axis=1), (weight * right).sum(axis=1)
        loss = -np.log(rightly / total).mean() + ridge * weights @ weights
        chance, share = weight / total[:, None], weight * right / rightly[:, None]
        gradient = np.einsum("rc,rcn->n", chance - share, scaled) / len(features)
        mean = np.einsum("rc,rcn->rn", chance, scaled)
        square = np.einsum("rc,rcn,rcm->nm", chance, scaled, scaled) - mean.T @ mean
        curved = square / len(features) + 2 * ridge * np.eye(size)
        return float(loss), gradient + 2 * ridge * weights, curved

    weights: Vector = minimise(objective, np.zeros(size)) / scale
    return weights
