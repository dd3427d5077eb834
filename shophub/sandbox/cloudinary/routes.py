"""The addresses of the Cloudinary sandbox."""

from starlette.routing import Route

from shophub.sandbox.cloudinary.delivery import Delivery
from shophub.sandbox.cloudinary.store import AssetStore
from shophub.sandbox.cloudinary.uploads import UploadApi
from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.faults import Faults
from shophub.sandbox.storage import Storage


def cloudinary_routes(config: SandboxConfig, storage: Storage) -> list[Route]:
    """Return the routes, relative to where the sandbox is mounted: Upload API, delivery and the test control."""
    store = AssetStore(config.data_dir / "cloudinary")
    faults = Faults(storage, "cloudinary")
    api, delivery = UploadApi(config, store, faults), Delivery(config, store)
    return [
        Route("/_test/fail", faults.handle, methods=["POST"]),
        Route("/v1_1/{cloud}/image/{action}", api.handle, methods=["POST"]),
        Route("/{cloud}/image/upload/{path:path}", delivery.handle, methods=["GET"]),
    ]
