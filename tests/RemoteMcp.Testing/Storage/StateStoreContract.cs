using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

/// <summary>
/// Tests every implementation of <see cref="IStateStore"/>: the memory store in this project, and Azurite in the end-to-end tests.
/// </summary>
public abstract partial class StateStoreContract : IAsyncLifetime
{
    private const string Table = "Contract";

    private IStateStore _store = null!;

    private FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private DateTimeOffset InAnHour => Time.GetUtcNow().AddHours(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty store that uses <paramref name="time"/> for expiry.</summary>
    private protected abstract Task<IStateStore> OpenAsync(TimeProvider time);

    public async ValueTask InitializeAsync() => _store = await OpenAsync(Time);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static StateKey Key(string row, string partition = "p") => new(Table, partition, row);

    private static BinaryData Json(string text) => BinaryData.FromObjectAsJson(text);

    private async Task<string> InsertAsync(StateKey key, string text = "1", DateTimeOffset? expiresAt = null)
    {
        var etag = await _store.TryInsertAsync(key, Json(text), expiresAt ?? InAnHour, Cancel);
        Assert.NotNull(etag);
        return etag;
    }

    private async Task<string?> TextAsync(StateKey key) => (await _store.FindAsync(key, Cancel))?.Body.ToObjectFromJson<string>();

    private async Task<string[]> RowsAsync(string partition = "p", StateRange range = default) =>
        await _store.QueryAsync(Table, partition, range, Cancel).Select(row => row.Key.Row).ToArrayAsync(Cancel);

    private static async Task<T[]> InParallelAsync<T>(int count, Func<int, Task<T>> act) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => act(i), Cancel)));
}
