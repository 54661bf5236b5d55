"""Models of expenditures beside scikit-learn: trained, measured, activated, swapped under load, watched."""

import threading
from datetime import date

import numpy
import pytest
from accounts import add_key, bearer
from payments import add_payments, made_up, spending_dataset
from redis_database import free_redis_database
from serving import serving
from sklearn.cluster import KMeans
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, roc_auc_score, silhouette_score
from sklearn.preprocessing import StandardScaler
from waiting import wait_until

SLUG = "paid"
PAYMENTS = made_up(3000, seed=11)
PREDICT = "/v1/ml/predict/expenditure-type"


@pytest.fixture(scope="module")
def paid(hextant, database, folder):
    return spending_dataset(hextant, database, folder, SLUG, PAYMENTS)


@pytest.fixture(scope="module")
def server(hextant, folder, paid):
    with free_redis_database() as redis, serving(
        hextant, folder / "models.log", "--redis-url", redis.url, "--rate-limit", 0, "--account-rate-limit", 0
    ) as server:  # fmt: skip
        yield server


@pytest.fixture(scope="module")
def analyst(hextant, server):
    return server.asking_as(add_key(hextant, "analyst"))


@pytest.fixture(scope="module")
def clusters(hextant, paid):
    return hextant.json("models", "train", "clustering", "--dataset", paid, "--seed", 5)


@pytest.fixture(scope="module")
def forests(hextant, paid):
    """Two classifiers that differ by their seeds."""
    return [hextant.json("models", "train", "classification", "--dataset", paid, "--seed", seed) for seed in [1, 2]]


def rows_of(payments):
    return [
        {"vendor": vendor, "department": department, "account_description": account, "entered": str(day)}
        for day, _, vendor, department, account, _ in payments
    ]


def predicted(server, payments, session=None):
    answer = (session or server.session).post(
        server.url + PREDICT, params={"dataset": SLUG}, json={"rows": rows_of(payments)}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def activate(server, model):
    answer = server.get(f"/v1/ml/models/{model}/activate", method="POST")
    assert answer.status_code == 200 and answer.json()["state"] == "active", answer.text


def test_clusters_are_as_good_as_those_of_scikit_learn(clusters):
    metrics = clusters["metrics"]
    features = StandardScaler().fit_transform([each["features"] for each in metrics["members"]])
    labels = [each["cluster"] for each in metrics["members"]]
    for tried in metrics["tried"]:
        theirs = KMeans(tried["clusters"], n_init=20, random_state=1).fit(features)
        assert tried["inertia"] <= theirs.inertia_ * (1 + 1e-9), tried
    assert abs(silhouette_score(features, labels) - metrics["silhouette"]) < 1e-9
    assert metrics["silhouette"] == max(tried["silhouette"] for tried in metrics["tried"])
    labels = numpy.array(labels)
    centres = numpy.array([features[labels == each["number"]].mean(axis=0) for each in metrics["clusters"]])
    assert numpy.allclose(centres, [each["centre"] for each in metrics["clusters"]], atol=1e-9)
    inertia = sum(((features[index] - centres[label - 1]) ** 2).sum() for index, label in enumerate(labels))
    assert abs(inertia - metrics["inertia"]) < 1e-9


def test_separated_departments_are_divided_as_scikit_learn_divides_them(hextant, database, folder):
    payments = [
        (date(2020, 1 + month, 1 + place), 2020, f"v{number % (1 if place < 4 else 9)}", f"d{place}", "a",
         (100_000 if place < 4 else 10) + place)
        for place in range(10) for month in range(12) for number in range(2 if place < 4 else 9)
    ]  # fmt: skip
    slug = spending_dataset(hextant, database, folder, "apart", payments)
    metrics = hextant.json("models", "train", "clustering", "--dataset", slug)["metrics"]
    features = StandardScaler().fit_transform([each["features"] for each in metrics["members"]])
    theirs = KMeans(len(metrics["clusters"]), n_init=20, random_state=1).fit(features).labels_
    ours = [each["cluster"] for each in metrics["members"]]
    assert len(set(zip(ours, theirs))) == len(set(ours)) == len(set(theirs))
    by_department = {each["department"]: each["cluster"] for each in metrics["members"]}
    large, small = [{by_department[f"d{place}"] for place in places} for places in [range(4), range(4, 10)]]
    assert large.isdisjoint(small)


def test_figures_of_departments_are_those_of_the_payments(clusters):
    figures = {each["department"]: each["features"] for each in clusters["metrics"]["members"]}
    for department in {each[3] for each in PAYMENTS}:
        own = [each for each in PAYMENTS if each[3] == department]
        total = sum(round(each[5] * 100) for each in own) / 100
        by_vendor = {}
        for each in own:
            by_vendor[each[2]] = by_vendor.get(each[2], 0) + round(each[5] * 100)
        positive = [sum_ for sum_ in by_vendor.values() if sum_ > 0]
        hhi = sum((100 * sum_ / sum(positive)) ** 2 for sum_ in positive)
        expected = [numpy.log(max(total, 1)), numpy.log(max(total / len(own), 1)), numpy.log(len(own)), hhi]
        assert numpy.allclose(figures[department][:4], expected, rtol=1e-9), department


def test_the_measures_are_those_of_the_later_payments(forests, server, analyst):
    model = forests[0]
    metrics, threshold = model["metrics"], float(model["parameters"]["threshold"])
    assert model["to"] < model["test_from"]
    training = [each for each in PAYMENTS if str(each[0]) <= model["to"]]
    test = [each for each in PAYMENTS if str(each[0]) >= model["test_from"]]
    assert [len(training), len(test)] == [model["payments"], metrics["payments"]]
    # An amount that was paid: the first one that three quarters do not exceed.
    amounts = sorted(each[5] for each in training)
    assert threshold == amounts[-(-len(amounts) * 3 // 4) - 1]
    activate(analyst, model["id"])
    wait_until(lambda: predicted(server, PAYMENTS[:1])["model"] == model["id"], "the swap")
    answer = predicted(server, test)
    assert answer["threshold"] == model["parameters"]["threshold"]
    stated = numpy.array([each["probability"] for each in answer["predictions"]])
    high = numpy.array([each[5] >= threshold for each in test])
    assert abs(roc_auc_score(high, stated) - metrics["roc_auc"]) < 1e-9
    assert abs(brier_score_loss(high, stated) - metrics["brier"]) < 1e-9
    assert abs(balanced_accuracy_score(high, stated >= 0.5) - metrics["balanced_accuracy"]) < 1e-9
    assert abs((high == (stated >= 0.5)).mean() - metrics["accuracy"]) < 1e-9
    assert metrics["roc_auc"] > 0.6 and metrics["brier"] < metrics["majority_brier"]
    for index, each in enumerate(metrics["calibration"]):
        inside = (stated >= index / 10) & ((stated < (index + 1) / 10) | (index == 9))
        assert each["payments"] == inside.sum()
        assert each["observed"] == pytest.approx(high[inside].mean() if inside.any() else None)
    for each in answer["predictions"]:
        sizes = [abs(reason["contribution"]) for reason in each["reasons"]]
        assert len(sizes) == 3 and sizes == sorted(sizes, reverse=True)


def test_the_same_payments_and_seed_give_the_same_model(hextant, forests):
    again = hextant.json("models", "train", "classification", "--dataset", SLUG, "--seed", 1)
    assert [again["id"], again["sha256"]] == [forests[0]["id"], forests[0]["sha256"]]
    assert forests[0]["sha256"] != forests[1]["sha256"]


def test_a_training_over_http_is_a_job(server, analyst, hextant):
    answer = analyst.get("/v1/ml/clustering/train", method="POST", dataset=SLUG, seed=77, activate="true")
    assert answer.status_code == 202, answer.text
    run = answer.json()["id"]
    assert answer.headers["Location"] == f"{server.url}/v1/analytics/runs/{run}"
    wait_until(lambda: server.json(f"/v1/analytics/runs/{run}")["state"] == "finished", "the training")
    [active] = server.json("/v1/ml/models", dataset=SLUG, model_kind="clustering", model_state="active")["items"]
    assert active["parameters"]["seed"] == 77 and "members" not in active["metrics"]
    assert len(server.json(f"/v1/ml/models/{active['id']}")["metrics"]["members"]) == 12
    assert hextant.json("models", "show", active["id"])["state"] == "active"


def test_a_training_without_enough_payments_fails_with_the_reason(hextant, database, folder):
    slug = spending_dataset(hextant, database, folder, "few", PAYMENTS[:30])
    outcome = hextant("models", "train", "classification", "--dataset", slug)
    assert outcome.code == 65 and "24 payments to learn from and 6 later ones" in outcome.err


def test_ten_thousand_predictions_during_twenty_swaps(forests, server, analyst):
    ids = [model["id"] for model in forests]

    def ask(session):
        return predicted(server, PAYMENTS[-10:], session)

    expected = {}
    for id in ids:
        activate(analyst, id)
        wait_until(lambda: ask(server.session)["model"] == id, "the swap")
        expected[id] = [each["probability"] for each in ask(server.session)["predictions"]]
    assert expected[ids[0]] != expected[ids[1]]
    faults, seen = [], set()

    def many(count):
        session = server.new_session()
        try:
            for _ in range(count):
                answer = ask(session)
                seen.add(answer["model"])
                if [each["probability"] for each in answer["predictions"]] != expected[answer["model"]]:
                    faults.append(answer)
        except Exception as fault:  # noqa: BLE001: a thread cannot fail the test by itself
            faults.append(fault)

    threads = [threading.Thread(target=many, args=[250]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for swap in range(20):
        activate(analyst, ids[swap % 2])
        wait_until(lambda: ask(server.session)["model"] == ids[swap % 2], "the swap")
    for thread in threads:
        thread.join()
    assert faults == [] and seen <= set(ids)
    assert server.metric("model_swaps_total") >= 20
    assert server.metric("model_predictions_total") >= 10_000


def test_going_back_is_an_activation(forests, hextant, analyst):
    for model in [forests[1], forests[0]]:
        assert hextant.json("models", "activate", model["id"])["state"] == "active"
    listed = hextant.json("models", "list", "--kind", "classification")["models"]
    states = {each["id"]: each["state"] for each in listed}
    assert [states[model["id"]] for model in forests] == ["active", "retired"]


def test_a_damaged_model_is_refused_and_the_one_before_goes_on(forests, database, hextant, server, analyst):
    hextant.json("models", "activate", forests[0]["id"])
    predicted(server, PAYMENTS[:1])  # the server holds a model that may have to go on
    database.rows("UPDATE models SET file = set_byte(file, 1000, 0) WHERE id = %s RETURNING 1", [forests[1]["id"]])
    answer = analyst.get(f"/v1/ml/models/{forests[1]['id']}/activate", method="POST")
    assert answer.status_code == 409 and "SHA-256" in answer.json()["detail"]
    outcome = hextant("models", "activate", forests[1]["id"])
    assert outcome.code == 65 and "SHA-256" in outcome.err
    # Somebody activates it past all checks.
    database.rows("SELECT activate_model(%s)", [forests[1]["id"]])
    wait_until(lambda: "cannot be used" in server.text(), "the server to notice")
    assert predicted(server, PAYMENTS[:1])["model"] == forests[0]["id"]
    hextant.json("models", "activate", forests[0]["id"])


def test_spellings_of_a_vendor_are_one_for_models_too(server, analyst, forests):
    activate(analyst, forests[0]["id"])
    spellings = ["Vendor 3", "VENDOR 3, INC.", "The Vendor 3 Company", "Véndor 3 & Co. Ltd."]
    asked = [(date(2021, 6, 1), 2021, name, "Department 5", "Account 3", 0) for name in [*spellings, "Vendor 3000"]]
    *same, other = predicted(server, asked)["predictions"]
    assert all(each == same[0] for each in same)
    assert other != same[0]
    # They are one for the list of payments, too.
    counts = {len(server.json("/v1/expenditures", dataset=SLUG, vendor=name, limit=500)["items"]) for name in spellings}
    assert counts == {sum(each[2] == "Vendor 3" for each in PAYMENTS)}


def test_faults_are_told_with_row_and_field(server, forests):
    body = {"rows": [{"vendor": "a"}, {"vendor": "b", "month": 0}]}
    answer = server.session.post(server.url + PREDICT, params={"dataset": SLUG}, json=body, timeout=60)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "rows[1].month"


def test_a_private_dataset_shows_its_models_to_nobody_else(hextant, database, folder, server):
    slug = spending_dataset(hextant, database, folder, "hidden", PAYMENTS)
    database.rows("UPDATE datasets SET visibility = 'private' WHERE slug = %s RETURNING 1", [slug])
    model = hextant.json("models", "train", "clustering", "--dataset", slug)["id"]
    for path in [f"/v1/ml/models/{model}", f"/v1/ml/models?dataset={slug}", f"/v1/ml/models/status?dataset={slug}"]:
        assert server.get(path).status_code == 404
        assert server.get(path, headers=bearer(add_key(hextant, "public", [slug]))).status_code == 200


def test_drift_is_measured_told_and_warned_of(hextant, database, folder):
    slug = spending_dataset(hextant, database, folder, "moved", PAYMENTS)
    model = hextant.json("models", "train", "classification", "--dataset", slug, "--activate")
    [line] = hextant.json("models", "drift", "--dataset", slug)["models"]
    assert line.get("index") is None and not line["has_drifted"], "nothing came since"
    later = made_up(400, seed=3, first=date(2022, 1, 1), days=300)
    add_payments(database, slug, [(*each[:2], f"New {each[2]}", *each[3:]) for each in later], prefix="later ")
    outcome = hextant("models", "drift", "--dataset", slug, "--json")
    [line] = outcome.json["models"]
    assert outcome.code == 1 and line["has_drifted"] and line["rows"] == 400
    assert line["indexes"]["vendor_rate"] == line["index"] > 0.25 or line["indexes"]["vendor_payments"] == line["index"]
    assert line["indexes"]["department_rate"] < 0.25
    shown = hextant.json("models", "show", model["id"])["drift"]
    assert shown["index"] == line["index"] and shown["rows"] == 400
    findings = hextant("doctor", "--json").json["findings"]
    [advice] = [each for each in findings if each["part"] == "models"]
    assert advice["grade"] == "advice" and f"model {model['id']}" in advice["detail"]
    with serving(hextant, folder / "drift.log", "--workers", 0) as server:
        wait_until(lambda: server.metric("models_drifted") >= 1, "the metric", seconds=40)
        status = server.json("/v1/ml/models/status", dataset=slug)
        assert status["kinds"][1]["has_drifted"]
