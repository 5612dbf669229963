using Azure;
using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Sends the requests for one table. It returns the expected refusals ("exists", "has changed", "does not exist") as results. When a write
/// finds that the table is missing, it creates the table. An existing table therefore costs no extra request.
/// </summary>
internal sealed class StorageTable(TableClient client)
{
    private readonly Lock _lock = new();
    private Task? _creation;

    /// <summary>Returns an entity, or <see langword="null"/> when it does not exist.</summary>
    public async Task<TableEntity?> GetAsync(string partition, string row, IEnumerable<string>? select, CancellationToken cancellationToken)
    {
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, select, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Adds an entity; returns <see langword="null"/> when it already exists.</summary>
    public async Task<ETag?> TryAddAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        try
        {
            return (await WriteAsync(() => client.AddEntityAsync(entity, cancellationToken), cancellationToken)).Headers.ETag!.Value;
        }
        catch (RequestFailedException exception) when (exception.IsConflict())
        {
            return null;
        }
    }

    /// <summary>
    /// Replaces the given version of an entity; returns <see langword="null"/> when the entity has changed or does not exist.
    /// </summary>
    public async Task<ETag?> TryReplaceAsync(TableEntity entity, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.UpdateEntityAsync(entity, etag, TableUpdateMode.Replace, cancellationToken)).Headers.ETag!.Value;
        }
        catch (RequestFailedException exception) when (exception.IsConflict())
        {
            return null;
        }
    }

    /// <summary>
    /// Deletes the given version of an entity; returns <see langword="false"/> when the entity has changed or does not exist.
    /// </summary>
    public async Task<bool> TryDeleteAsync(string partition, string row, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            // For "not found", the client returns a response and does not throw an exception.
            return (await client.DeleteEntityAsync(partition, row, etag, cancellationToken)).Status != 404;
        }
        catch (RequestFailedException exception) when (exception.IsConflict())
        {
            return false;
        }
    }

    /// <summary>Applies all actions, or none of them.</summary>
    /// <returns><see langword="null"/> when the actions were applied; otherwise the index of an action that was refused.</returns>
    public async Task<int?> TrySubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(() => client.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
            return null;
        }
        catch (TableTransactionFailedException exception) when (exception.IsConflict()
            && exception.FailedTransactionActionIndex is { } index)
        {
            return index;
        }
    }

    /// <summary>Returns one page. A table that does not exist is empty.</summary>
    public async Task<Page<TableEntity>?> GetPageAsync(
        string filter, IEnumerable<string>? select, string? continuation, CancellationToken cancellationToken)
    {
        try
        {
            await using var pages = client.QueryAsync<TableEntity>(filter, select: select, cancellationToken: cancellationToken)
                .AsPages(continuation)
                .GetAsyncEnumerator(cancellationToken);
            return await pages.MoveNextAsync() ? pages.Current : null;
        }
        catch (RequestFailedException exception) when (exception.IsTableNotFound())
        {
            return null;
        }
    }

    /// <summary>Sends a write. If the table does not exist, creates the table and sends the write again.</summary>
    private async Task<T> WriteAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException exception) when (exception.IsTableNotFound())
        {
            await CreateAsync().WaitAsync(cancellationToken);
            return await write();
        }
    }

    /// <summary>
    /// Creates the table. All callers that find the table missing at the same time wait for the same request, so a caller's cancellation
    /// does not end it.
    /// </summary>
    private Task CreateAsync()
    {
        lock (_lock)
        {
            return _creation is { IsCompleted: false } ? _creation : _creation = client.CreateIfNotExistsAsync(CancellationToken.None);
        }
    }
}
