import Accounts
import ArgumentParser

extension Role: ExpressibleByArgument {}
