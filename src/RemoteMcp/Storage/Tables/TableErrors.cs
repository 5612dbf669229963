using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;
using RemoteMcp.AzureClients;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Distinguishes the expected refusals of the storage (not found, changed) from its failures, and describes the failures for the operator.
/// </summary>
internal static class TableErrors
{
    // The delay before a retry when the storage asks for none. Throttling of a partition lasts for seconds.
    private static readonly TimeSpan s_usualDelay = TimeSpan.FromSeconds(2);

    // A new role assignment takes minutes to take effect everywhere, and the deletion of a table can take 40 seconds.
    private static readonly TimeSpan s_longDelay = TimeSpan.FromSeconds(30);

    public static bool IsTableNotFound(this RequestFailedException error) => error.ErrorCode == TableErrorCode.TableNotFound;

    /// <summary>Returns whether a condition was not met: the row already exists, has changed, or no longer exists.</summary>
    public static bool IsConflict(this RequestFailedException error) =>
        error.Status is 404 or 412 || error.ErrorCode == TableErrorCode.EntityAlreadyExists;

    /// <summary>
    /// Converts an error to a <see cref="StateUnavailableException"/>. Returns <see langword="null"/> when the error is not a failure of
    /// the storage, but a condition that was not met or a mistake of this server.
    /// </summary>
    public static StateUnavailableException? AsUnavailable(Exception error) => error switch
    {
        // Azure.Core wraps the exceptions of all attempts in one AggregateException after the last retry.
        AggregateException { InnerExceptions: [.., var last] } => AsUnavailable(last),
        RequestFailedException refused => AsUnavailable(refused),
        OperationCanceledException => new("Table Storage did not answer in time.", s_usualDelay, error),
        IOException or HttpRequestException => new("Table Storage could not be reached.", s_usualDelay, error),
        AuthenticationFailedException => new(
            "The server could not get a token for Table Storage from its managed identity (or the local sign-in).", s_usualDelay, error),
        _ => null,
    };

    private static StateUnavailableException? AsUnavailable(RequestFailedException error)
    {
        var retryAfter = error.GetRawResponse() is { } response ? RetryAfter.From(response) : null;
        var answer = $"{error.Status} {error.ErrorCode}".TrimEnd();
        return error.Status switch
        {
            0 => new("Table Storage could not be reached.", s_usualDelay, error),
            401 or 403 => new(
                $"Table Storage denied access to the server's identity ({answer}). "
                + "Assign the role 'Storage Table Data Contributor' on the account to the identity, "
                + "and allow the server in the account's network rules.",
                retryAfter ?? s_longDelay,
                error),
            408 or 429 or >= 500 => new($"Table Storage answered {answer}.", retryAfter ?? s_usualDelay, error),
            409 when error.ErrorCode == TableErrorCode.TableBeingDeleted => new(
                $"Table Storage answered {answer}.", retryAfter ?? s_longDelay, error),
            _ => null,
        };
    }
}
