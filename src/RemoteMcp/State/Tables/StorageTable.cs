using Azure;
using Azure.Data.Tables;

namespace RemoteMcp.State.Tables;

/// <summary>
/// One table's requests, each bounded in time and each with the errors of the port. The table is created when a write finds
/// that it is missing, so that nothing is asked while it exists.
/// </summary>
internal sealed class StorageTable(TableClient client, TimeProvider time)
{
    // Three tries of three seconds and their pauses fit; a token that does not come does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly Lock _lock = new();
    private Task? _creation;

    /// <summary>Reads an entity, or <see langword="null"/>.</summary>
    public async Task<TableEntity?> GetAsync(string partition, string row, IEnumerable<string>? select, CancellationToken cancellationToken)
    {
        var found = await CallAsync(token => client.GetEntityIfExistsAsync<TableEntity>(partition, row, select, token), cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Adds an entity; <see langword="null"/> when there is one.</summary>
    public async Task<ETag?> TryAddAsync(TableEntity entity, CancellationToken cancellationToken)
    {
        try
        {
            return (await CreatingAsync(token => client.AddEntityAsync(entity, token), cancellationToken)).Headers.ETag!.Value;
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
            return (await CallAsync(token => client.UpdateEntityAsync(entity, etag, TableUpdateMode.Replace, token), cancellationToken)).Headers.ETag!.Value;
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
            return (await CallAsync(token => client.DeleteEntityAsync(partition, row, etag, token), cancellationToken)).Status != 404;
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
            await CreatingAsync(token => client.SubmitTransactionAsync(actions, token), cancellationToken);
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
            return await CallAsync(
                async token =>
                {
                    await using var pages = client.QueryAsync<TableEntity>(filter, select: select, cancellationToken: token)
                        .AsPages(continuation)
                        .GetAsyncEnumerator(token);
                    return await pages.MoveNextAsync() ? pages.Current : null;
                },
                cancellationToken);
        }
        catch (RequestFailedException error) when (error.IsTableNotFound())
        {
            return null;
        }
    }

    private async Task<T> CreatingAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(call, cancellationToken);
        }
        catch (RequestFailedException error) when (error.IsTableNotFound())
        {
            await CreateAsync().WaitAsync(cancellationToken);
            return await CallAsync(call, cancellationToken);
        }
    }

    /// <summary>Everyone who finds the table missing at the same time waits for the same creation.</summary>
    private Task CreateAsync()
    {
        lock (_lock)
        {
            return _creation is { IsCompleted: false } ? _creation : _creation = CallAsync(client.CreateIfNotExistsAsync, CancellationToken.None);
        }
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await call(linked.Token);
        }
        catch (Exception error) when (TableErrors.AsUnavailable(error) is { } unavailable)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw unavailable;
        }
    }
}
