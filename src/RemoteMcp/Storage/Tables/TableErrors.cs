using System.Net.Http.Headers;
using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;

namespace RemoteMcp.Storage.Tables;

/// <summary>Tells the storage's own answers (not found, changed) from its failures, and puts the latter into words.</summary>
internal static class TableErrors
{
    // A guess where the storage names no time: throttling of a partition lasts seconds.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    // A role assignment takes minutes to arrive everywhere.
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);

    public static bool IsTableNotFound(this RequestFailedException error) => error.ErrorCode == TableErrorCode.TableNotFound;

    /// <summary>Whether a condition did not hold: the row exists, is gone or has changed.</summary>
    public static bool IsConflict(this RequestFailedException error) =>
        error.Status is 404 or 412 || error.ErrorCode == TableErrorCode.EntityAlreadyExists;

    /// <summary>
    /// The error as the port promises it, or <see langword="null"/> when it is none of the storage's failures: a condition
    /// that did not hold, or a mistake of ours.
    /// </summary>
    public static StateUnavailableException? AsUnavailable(Exception error) => error switch
    {
        // What Azure.Core throws after its last try.
        AggregateException { InnerExceptions: [.., var last] } => AsUnavailable(last),
        RequestFailedException refused => AsUnavailable(refused),
        OperationCanceledException => new("Table Storage did not answer in time.", Soon, error),
        IOException or HttpRequestException => new("Table Storage could not be reached.", Soon, error),
        AuthenticationFailedException => new("No token for Table Storage: the managed identity (or local sign-in) gave none.", Soon, error),
        _ => null,
    };

    public static TimeSpan? RetryAfter(Response response)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text) || !RetryConditionHeaderValue.TryParse(text, out var value))
        {
            return null;
        }

        // A date is compared with the answer's own clock, so that ours does not matter.
        return value.Delta ?? (value.Date - response.Headers.Date is { } wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    private static StateUnavailableException? AsUnavailable(RequestFailedException error)
    {
        var retryAfter = error.GetRawResponse() is { } response ? RetryAfter(response) : null;
        var answer = $"{error.Status} {error.ErrorCode}".TrimEnd();
        return error.Status switch
        {
            0 => new("Table Storage could not be reached.", Soon, error),
            401 or 403 => new(
                $"Table Storage refused this identity ({answer}): give it the role 'Storage Table Data Contributor' on the account, and let the account's network rules admit it.",
                retryAfter ?? Later,
                error),
            408 or 429 or >= 500 => new($"Table Storage answered {answer}.", retryAfter ?? Soon, error),
            409 when error.ErrorCode == TableErrorCode.TableBeingDeleted => new($"Table Storage answered {answer}.", retryAfter ?? Later, error),
            _ => null,
        };
    }
}
