"""What the endpoints of language models need: the model named in a path, and the catalogue."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from answerdesk.agents.language_models.errors import model_not_found
from answerdesk.agents.language_models.nearby import Neighbourhood
from answerdesk.agents.language_models.service import Catalogue
from answerdesk.agents.language_models.types import MODEL_PREFIX
from answerdesk.core.tenancy import parse_public_id


async def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.application.catalogue
    return catalogue


CatalogueOf = Annotated[Catalogue, Depends(_catalogue)]


async def _neighbourhood(request: Request) -> Neighbourhood:
    neighbourhood: Neighbourhood = request.app.state.application.neighbourhood
    return neighbourhood


NeighbourhoodOf = Annotated[Neighbourhood, Depends(_neighbourhood)]


async def _model_id(model_id: str) -> UUID:
    value = parse_public_id(MODEL_PREFIX, model_id)
    if value is None:
        raise model_not_found()
    return value


ModelIdOf = Annotated[UUID, Depends(_model_id)]
"""The language model's id in a path, which may be anybody's."""
