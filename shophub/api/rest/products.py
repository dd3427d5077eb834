"""Products for the staff's programs. What shoppers' programs read is in ``rest/catalogue.py``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from shophub.api.dependencies import PageDep, SameOrigin, SessionDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import ActorDep, requires
from shophub.domain.permissions import Permission
from shophub.domain.statuses import ProductStatus
from shophub.errors import (
    ProductNotFoundError,
    SkuTakenError,
    StockReservedError,
    VariantKeptError,
    VersionRequiredError,
)
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.products import AdminProductOut, ProductIn, ProductPatch, ProductPut, ProductSort
from shophub.services import product_removal
from shophub.services.product_checks import ProductChangedError
from shophub.services.product_removal import ProductKeptError
from shophub.services.rest import products

router = APIRouter(prefix="/api/admin/products", tags=["products"], dependencies=[SameOrigin])

CHANGES = (ProductNotFoundError, ProductChangedError, VersionRequiredError, StockReservedError, SkuTakenError)


@router.get("", dependencies=[requires(Permission.MANAGE_PRODUCTS)])
async def get_admin_products(
    response: Response,
    session: SessionDep,
    page: PageDep,
    q: Annotated[str, Query(max_length=200, description="Words of a name, brand or tag, or how an SKU begins.")] = "",
    status: ProductStatus | None = None,
    category: Annotated[str, Query(max_length=250, description="A slug.")] = "",
    in_stock: Annotated[
        bool | None, Query(alias="inStock", description="Whether any variant can be had; left out: all.")
    ] = None,
    sort: ProductSort = "relevance",
) -> PageOut[AdminProductOut]:
    """List products, drafts and archived ones too; without words the newest come first."""
    response.headers["Cache-Control"] = "no-store"
    return await products.list_products(
        session,
        q,
        status=status,
        category=category,
        in_stock=in_stock,
        sort=sort,
        page=page,
    )


@router.post(
    "", status_code=201, openapi_extra=refuses(SkuTakenError), dependencies=[requires(Permission.MANAGE_PRODUCTS)]
)
async def post_admin_product(form: ProductIn, session: SessionDep, actor: ActorDep) -> AdminProductOut:
    """Make a product, on sale at once unless it is to be a draft."""
    return await products.create_product(session, form, actor)


@router.get(
    "/{product_id}", openapi_extra=refuses(ProductNotFoundError), dependencies=[requires(Permission.MANAGE_PRODUCTS)]
)
async def get_admin_product(product_id: UUID, response: Response, session: SessionDep) -> AdminProductOut:
    """Return a product, whatever its status, with the version that a change of its stock needs."""
    response.headers["Cache-Control"] = "no-store"
    return await products.get_product(session, product_id)


@router.put(
    "/{product_id}",
    openapi_extra=refuses(*CHANGES, VariantKeptError),
    dependencies=[requires(Permission.MANAGE_PRODUCTS)],
)
async def put_admin_product(
    product_id: UUID, form: ProductPut, session: SessionDep, actor: ActorDep
) -> AdminProductOut:
    """Put a whole product in the place of what there is; its address stays."""
    return await products.replace_product(session, product_id, form, actor)


@router.patch("/{product_id}", openapi_extra=refuses(*CHANGES), dependencies=[requires(Permission.MANAGE_PRODUCTS)])
async def patch_admin_product(
    product_id: UUID, patch: ProductPatch, session: SessionDep, actor: ActorDep
) -> AdminProductOut:
    """Change parts of a product."""
    return await products.change_product(session, product_id, patch, actor)


@router.delete(
    "/{product_id}",
    status_code=204,
    openapi_extra=refuses(ProductNotFoundError, ProductKeptError),
    dependencies=[requires(Permission.MANAGE_PRODUCTS)],
)
async def delete_product(product_id: UUID, session: SessionDep, actor: ActorDep) -> None:
    """Delete a product for good; one that stands in orders or in a payment is kept: archive it instead."""
    await product_removal.delete(session, product_id, actor=actor)
