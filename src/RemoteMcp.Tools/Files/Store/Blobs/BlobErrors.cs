using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using RemoteMcp.AzureClients;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>Converts errors of the storage to exceptions with messages for the caller.</summary>
internal static class BlobErrors
{
    private const string Setting = $"{FilesOptions.Section}:{nameof(FilesOptions.Container)}";

    /// <summary>Returns whether the blob does not exist in an existing container.</summary>
    public static bool IsBlobNotFound(this RequestFailedException error) => error.Status == 404 && !error.IsContainerGone();

    /// <summary>Returns the exception that <c>IFileStore</c> specifies for an error of the storage client.</summary>
    /// <param name="error">The exception of the storage client.</param>
    /// <param name="path">The path that the request was for.</param>
    /// <param name="cancellationToken">The token of the caller.</param>
    /// <returns>
    /// The exception, or <see langword="null"/> if the message of <paramref name="error"/> is sufficient, for example if there is no token.
    /// </returns>
    public static Exception? Explain(Exception error, FilePath path, CancellationToken cancellationToken) => error switch
    {
        // A canceled request can fail with any exception.
        _ when cancellationToken.IsCancellationRequested => new OperationCanceledException(cancellationToken),
        // Azure.Core wraps the exceptions of all attempts in one AggregateException after the last retry.
        AggregateException { InnerExceptions: [.., var last] } => Explain(last, path, cancellationToken),
        RequestFailedException refused => Explain(refused, path),
        OperationCanceledException => Unavailable("did not respond in time", null, error),
        IOException or HttpRequestException => Unavailable("could not be reached", null, error),
        _ => null,
    };

    private static Exception Explain(RequestFailedException error, FilePath path)
    {
        var answer = $"{error.Status} {error.ErrorCode}".TrimEnd();
        return error.Status switch
        {
            0 => Unavailable("could not be reached", null, error),
            401 or 403 => new FileStoreUnavailableException(
                $"The storage of the shared folder refuses access to the server ({answer}). Tell the server's operator to give its "
                    + "identity the role 'Storage Blob Data Reader' on the container, and to allow the server in the account's "
                    + "network rules.", error),
            404 when error.IsContainerGone() => new FileStoreUnavailableException(
                $"The container of the shared folder does not exist ({answer}). "
                    + $"Tell the server's operator to create it, or to correct {Setting}.", error),
            404 => new FileProblemException(FileProblem.NotFound, path),
            409 when error.ErrorCode == BlobErrorCode.BlobArchived || error.ErrorCode == BlobErrorCode.BlobBeingRehydrated =>
                new FileProblemException(FileProblem.Archived, path),
            412 => new FileProblemException(FileProblem.ChangedWhileRead, path),
            408 or 429 or >= 500 =>
                Unavailable($"answered {answer}", error.GetRawResponse() is { } response ? RetryAfter.From(response) : null, error),
            _ => new FileProblemException(FileProblem.AccessDenied, path),
        };
    }

    private static bool IsContainerGone(this RequestFailedException error) =>
        error.ErrorCode == BlobErrorCode.ContainerNotFound
            || error.ErrorCode == BlobErrorCode.ContainerBeingDeleted
            || error.ErrorCode == BlobErrorCode.ContainerDisabled;

    private static FileStoreUnavailableException Unavailable(string what, TimeSpan? retryAfter, Exception error)
    {
        var when = retryAfter is { } pause && pause > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"in {Math.Ceiling(pause.TotalSeconds)} seconds")
            : "in a moment";
        return new FileStoreUnavailableException($"The storage of the shared folder {what}. Call again {when}.", error);
    }
}
