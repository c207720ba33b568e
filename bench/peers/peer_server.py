"""The peers' side of bench:peers: one JSON object a line on stdin, one answer a line on stdout.

Arrays come and go as files of raw int32 or float32. Each timed operation answers {"cpu", "wall"} in seconds for the work
alone. The number of threads is the first argument; the caller caps the BLAS libraries by environment variables as well.
"""

import json
import os
import sys
import time
import warnings

import numpy as np
import scipy.linalg
import scipy.sparse
import threadpoolctl

import implicit
import implicit.utils
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender

THREADS = int(sys.argv[1])
# What a library prints must not get between the answers.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

# It converts what it made itself, and says so.
warnings.filterwarnings("ignore", category=implicit.utils.ParameterWarning)

matrices = {}
models = {}


def timed(work):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return result, {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def versions():
    return {"implicit": implicit.__version__, "numpy": np.__version__, "scipy": scipy.__version__}


def load_matrix(name, rows, columns, offsets, indices):
    """A binary matrix in compressed rows."""
    index = np.fromfile(indices, dtype=np.int32)
    values = np.ones(len(index), dtype=np.float32)
    matrices[name] = scipy.sparse.csr_matrix(
        (values, index, np.fromfile(offsets, dtype=np.int32)), shape=(rows, columns)
    )


def new_als(factors, regularization, alpha, use_cg, iterations, seed):
    return AlternatingLeastSquares(
        factors=factors,
        regularization=regularization,
        alpha=alpha,
        use_cg=use_cg,
        iterations=iterations,
        num_threads=THREADS,
        random_state=seed,
    )


def als_begin(handle, data, seed, **parameters):
    """All that `fit` does before its first sweep."""
    model = new_als(iterations=1, seed=seed, **parameters)
    by_user = (model.alpha * matrices[data]).astype(np.float32)
    random = np.random.default_rng(seed)
    rows, columns = by_user.shape
    model.user_factors = random.random((rows, model.factors), dtype=np.float32) * 0.01
    model.item_factors = random.random((columns, model.factors), dtype=np.float32) * 0.01
    models[handle] = (model, by_user, by_user.T.tocsr())


def als_sweep(handle):
    """One turn of the loop in `fit`: users, then items."""
    model, by_user, by_item = models[handle]

    def sweep():
        arguments = {"num_threads": THREADS}
        model.solver(by_user, model.user_factors, model.item_factors, model.regularization, **arguments)
        model.solver(by_item, model.item_factors, model.user_factors, model.regularization, **arguments)

    return timed(sweep)[1]


def als_fit(data, users=None, items=None, **parameters):
    model = new_als(**parameters)
    _, seconds = timed(lambda: model.fit(matrices[data], show_progress=False))
    if users is not None:
        np.ascontiguousarray(model.user_factors).tofile(users)
        np.ascontiguousarray(model.item_factors).tofile(items)
    return seconds


def top_k(data, factors, users, items, count, out):
    """Lists for all users, without what they have, from the factors in the files."""
    model = new_als(factors, 0.01, 1.0, True, 1, 0)
    model.user_factors = np.fromfile(users, dtype=np.float32).reshape(-1, factors)
    model.item_factors = np.fromfile(items, dtype=np.float32).reshape(-1, factors)
    everybody = np.arange(len(model.user_factors))
    seen = matrices[data]
    (ids, _), seconds = timed(
        lambda: model.recommend(everybody, seen, N=count, filter_already_liked_items=True)
    )
    ids.astype(np.int32).tofile(out)
    return seconds


def cosine_fit(data, neighbours):
    model = CosineRecommender(K=neighbours, num_threads=THREADS)
    _, seconds = timed(lambda: model.fit(matrices[data], show_progress=False))
    return {**seconds, "entries": int(model.similarity.nnz)}


def inverse(data, ridge, method, product=0, out=None):
    """(XᵀX + ridge I)⁻¹ in single precision; the product before it is not timed.

    The file gets one product's row of EASE's weights, -P_ij / P_jj, whose diagonal is 0.
    """
    counts = matrices[data]
    gram = np.asfortranarray((counts.T @ counts).toarray(), dtype=np.float32)
    gram[np.diag_indices_from(gram)] += ridge

    def by_cholesky():
        factor, _ = scipy.linalg.lapack.spotrf(gram, lower=True, overwrite_a=False, clean=False)
        return scipy.linalg.lapack.spotri(factor, lower=True, overwrite_c=True)[0]

    work = by_cholesky if method == "cholesky" else lambda: np.linalg.inv(gram)
    with threadpoolctl.threadpool_limits(THREADS, "blas"):
        result, seconds = timed(work)
    if out is not None:
        weights = -result[product] / np.diag(result)
        weights[product] = 0
        weights.astype(np.float32).tofile(out)
    return seconds


def forget(handle):
    models.pop(handle, None)


OPERATIONS = {
    "versions": versions,
    "load-matrix": load_matrix,
    "als-begin": als_begin,
    "als-sweep": als_sweep,
    "als-fit": als_fit,
    "top-k": top_k,
    "cosine-fit": cosine_fit,
    "inverse": inverse,
    "forget": forget,
}


def answer(line):
    request = json.loads(line)
    operation = OPERATIONS[request.pop("op")]
    try:
        # implicit runs its own threads and says that BLAS should then have one.
        with threadpoolctl.threadpool_limits(1, "blas"):
            return {"result": operation(**request)}
    except Exception as error:  # pylint: disable=broad-except
        return {"error": f"{type(error).__name__}: {error}"}


for request_line in sys.stdin:
    ANSWERS.write(json.dumps(answer(request_line)) + "\n")
    ANSWERS.flush()
