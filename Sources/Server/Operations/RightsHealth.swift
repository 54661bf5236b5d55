import Accounts
import Domain

/// Checks whether the server hears of changes of rights.
///
/// A server that has never heard of them is not ready: what it looks up until then holds no longer as soon as it hears
/// of the first version. One that hears of them no more for a while still answers, and looks rights up more often.
struct RightsHealth: HealthRepository {
    let access: AccessVersion

    func checks() async -> [HealthCheck] {
        let isWell = access.value != nil
        let detail =
            switch (isWell, access.wasHeard) {
            case (true, _): "changes are heard of"
            case (false, true): "changes are not heard of for now, so rights are looked up more often"
            case (false, false): "changes are not heard of yet"
            }
        return [HealthCheck(part: "rights", isWell: isWell, detail: detail, isEssential: !access.wasHeard)]
    }
}
