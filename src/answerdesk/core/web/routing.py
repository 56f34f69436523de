"""Puts an application together from routers."""

from fastapi import APIRouter, FastAPI
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute


def add_routers(whole: FastAPI | APIRouter, *parts: APIRouter) -> None:
    """Add the routes of `parts` as they are: nothing of `whole` but the ids of operations applies.

    FastAPI's `include_router` analyses each route again, which an application's first request has
    to wait for, and looks for the route of every request twice.
    """
    router = whole.router if isinstance(whole, FastAPI) else whole
    named = router.generate_unique_id_function
    for part in parts:
        for route in part.routes:
            if isinstance(route, APIRoute) and not isinstance(named, DefaultPlaceholder):
                route.unique_id = named(route)
            router.routes.append(route)
