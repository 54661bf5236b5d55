import Accounts
import Domain
import TestDomain
import Testing

@Suite struct PrincipalTests {
    private static func user(_ role: Role, _ granted: Set<Slug> = []) -> Principal {
        Principal(identity: .user("ada"), role: role, granted: granted)
    }

    @Test(arguments: [
        (Principal.anonymous, true, false), (user(.public), true, false), (user(.public, ["hidden"]), true, true),
        (user(.analyst), true, false), (user(.analyst, ["hidden"]), true, true), (user(.admin), true, true),
        (Principal(identity: .key("k"), role: .admin, confinedTo: ["hidden"]), false, true),
        (Principal(identity: .key("k"), role: .admin, confinedTo: ["open"]), true, false),
        (Principal(identity: .key("k"), role: .admin, confinedTo: []), false, false),
    ])
    func whatSomebodyMayRead(principal: Principal, open: Bool, hidden: Bool) {
        #expect(principal.mayRead("open", isPublic: true) == open)
        #expect(principal.mayRead("hidden", isPublic: false) == hidden)
    }

    @Test func onlyAnAdministratorWithoutBoundsSeesEverything() {
        #expect(Self.user(.admin).seesEverything)
        #expect(!Self.user(.analyst).seesEverything)
        #expect(!Principal(identity: .key("k"), role: .admin, confinedTo: ["open"]).seesEverything)
    }

    @Test func rolesAreInOrder() {
        #expect([Role.admin, .public, .analyst].sorted() == [.public, .analyst, .admin])
    }
}
