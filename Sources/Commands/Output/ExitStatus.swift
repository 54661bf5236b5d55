import Areas
import Connectors
import Domain
import Feeds
import Fetch
import NYCOpenData
import Postgres
import Redis
import Server
import Storage
import Tiles
import Web

/// The exit status of a failed command. The numbers are those of sysexits.h, and docs/commands.md lists them. A command
/// that has printed everything itself throws one.
enum ExitStatus: Int32, Error {
    case failure = 1
    case badUsage = 64
    /// A file or mapping cannot be used.
    case badData = 65
    /// PostgreSQL or Redis cannot be reached, or the port to listen on is taken.
    case unavailable = 69
    /// Somebody else does the same now; try again.
    case busy = 75
    /// A setting or the installation is wrong.
    case configuration = 78

    init(_ error: any Error) {
        switch error {
        case let error as StorageError:
            switch error.code {
            case .busy, .blocked, .moved: self = .busy
            case .installation, .migration: self = .configuration
            case .dataset, .contents, .area, .interval, .batch, .failedBatch, .conflict, .repeated, .right,
                .account:
                self = .badData
            }
        case let error as PostgresError where ["42P01", "42703", "42704"].contains(error.sqlState):
            self = .configuration
        case let error as PostgresError:
            self = StoreUnavailable.passes(error) ? .unavailable : .failure
        case let error as DatasetRefusal: self = error.isBusy ? .busy : .badData
        case let error as NYCDataError: self = Self(error)
        case let error as NYCPartsFailed: self = Self(error)
        case is FeedError, is AreaError, is BBLList.Fault, is DatasetFileError, is IngestRefusal, is TooManyRejects,
            is NothingAccepted,
            is TileWarmer.Fault:
            self = .badData
        case is SourceError, is FeedRefusal, is ReportRefusal, is UnknownKind, is UnscoredResolution, is UnusableModel:
            self = .badData
        case let error as FetchError:
            self = error.code == .secret ? .configuration : error.isTemporary ? .unavailable : .badData
        case is FeedFault: self = .configuration
        case is RedisError, is AddressInUse, is StoreUnavailable: self = .unavailable
        case is ConfigurationError, is SpoolFolderError: self = .configuration
        default: self = .failure
        }
    }
}
