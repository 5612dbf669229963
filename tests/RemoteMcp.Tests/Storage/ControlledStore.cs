using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.Tests.Storage;

/// <summary>A store that records its requests, and can be slow or down.</summary>
internal sealed class ControlledStore(IStateStore inner) : DelegatingStateStore(inner)
{
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>The requests so far: the operation and the table, for example <c>FIND Sessions</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Runs before each operation. If it throws, the operation fails.</summary>
    public Func<string, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs after each operation. If it throws, the response of the operation is lost.</summary>
    public Func<string, CancellationToken, Task>? After { get; set; }

    /// <summary>Sets whether every operation fails.</summary>
    public bool IsDown
    {
        set => Before = value ? Down : null;
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Forget() => _requests.Clear();

    public static Task Down(string request, CancellationToken cancellationToken) =>
        Task.FromException(new StateUnavailableException($"{request}: the storage is down.", TimeSpan.FromSeconds(7)));

    public override async IAsyncEnumerable<StateRow> QueryAsync(
        string table, string partition, StateRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in await SendAsync("QUERY", table, ReadAsync, cancellationToken))
        {
            yield return row;
        }

        Task<List<StateRow>> ReadAsync() =>
            base.QueryAsync(table, partition, range, cancellationToken).ToListAsync(cancellationToken).AsTask();
    }

    protected override async Task<T> SendAsync<T>(string operation, string table, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        var request = $"{operation} {table}";
        _requests.Enqueue(request);
        if (Before is { } before)
        {
            await before(request, cancellationToken);
        }

        var answered = await send();
        if (After is { } after)
        {
            await after(request, cancellationToken);
        }

        return answered;
    }
}
