using Azure;
using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// One table's requests, with the answers that the port knows ("there is one", "has changed", "is gone") as results. The table
/// is created when a write finds that it is missing, so that nothing is asked while it exists.
/// </summary>
internal sealed class StorageTable(TableClient client)
{
    private readonly Lock _lock = new();
    private Task? _creation;

    /// <summary>Reads an entity, or <see langword="null"/>.</summary>
    public async Task<TableEntity?> GetAsync(string partition, string row, IEnumerable<string>? select, CancellationToken cancellationToken)
    {
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, select, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Adds an entity; <see langword="null"/> when there is one.</summary>
    public async Task<ETag?> TryAddAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        try
        {
            return (await CreatingAsync(() => client.AddEntityAsync(entity, cancellationToken), cancellationToken)).Headers.ETag!.Value;
        }
        catch (RequestFailedException error) when (error.IsConflict())
        {
            return null;
        }
    }

    /// <summary>Replaces that version of an entity; <see langword="null"/> when it has changed or is gone.</summary>
    public async Task<ETag?> TryReplaceAsync(TableEntity entity, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.UpdateEntityAsync(entity, etag, TableUpdateMode.Replace, cancellationToken)).Headers.ETag!.Value;
        }
        catch (RequestFailedException error) when (error.IsConflict())
        {
            return null;
        }
    }

    /// <summary>Deletes that version of an entity; <see langword="false"/> when it has changed or is gone.</summary>
    public async Task<bool> TryDeleteAsync(string partition, string row, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            // The client answers "not found" with a response instead of an exception.
            return (await client.DeleteEntityAsync(partition, row, etag, cancellationToken)).Status != 404;
        }
        catch (RequestFailedException error) when (error.IsConflict())
        {
            return false;
        }
    }

    /// <summary>Applies all actions, or none and says which one could not be.</summary>
    public async Task<int?> TrySubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await CreatingAsync(() => client.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
            return null;
        }
        catch (TableTransactionFailedException error) when (error.IsConflict() && error.FailedTransactionActionIndex is { } index)
        {
            return index;
        }
    }

    /// <summary>Reads one page; a table that does not exist is empty.</summary>
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
        catch (RequestFailedException error) when (error.IsTableNotFound())
        {
            return null;
        }
    }

    private async Task<T> CreatingAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException error) when (error.IsTableNotFound())
        {
            await CreateAsync().WaitAsync(cancellationToken);
            return await write();
        }
    }

    /// <summary>
    /// Everyone who finds the table missing at the same time waits for the same creation, so no one's cancellation ends it.
    /// </summary>
    private Task CreateAsync()
    {
        lock (_lock)
        {
            return _creation is { IsCompleted: false } ? _creation : _creation = client.CreateIfNotExistsAsync(CancellationToken.None);
        }
    }
}
