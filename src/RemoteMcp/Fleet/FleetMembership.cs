using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>
/// Represents this instance's membership in the fleet: its instance ID, and the lease row that shows other instances that it is alive.
/// </summary>
/// <remarks>
/// The lease row exists only while this instance holds something that another instance may have to send a message for: a session in
/// memory, an open stream, or a running call. An instance that gives up its lease deletes the row. An instance that cannot renew its lease
/// leaves the row behind: a sender sees a lapsed lease for two minutes, and then no row. A sender that finds no row knows that nobody reads
/// that inbox.
/// </remarks>
internal sealed class FleetMembership(IStateStore store, IOptions<FleetOptions> options, TimeProvider time) : IDisposable
{
    public const string Table = "Instances";
    public const int IdLength = 16;
    private const string Partition = "fleet";
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly TimeSpan s_tryTimeout = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TimeSpan _duration = options.Value.Lease;
    private string? _etag;
    // Timestamps of the time provider. A step of the clock does not change them.
    private long _renewAt;
    private long _endsAt;
    private int _term;
    private TaskCompletionSource _nextTerm = NewTerm();

    /// <summary>
    /// Gets the instance ID. It is never reused: a restarted process gets a new one. It is hexadecimal, because ids and keys contain it.
    /// </summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <summary>Returns whether a value that came from outside has the format of an instance ID.</summary>
    public static bool IsInstanceId(ReadOnlySpan<char> id) => id.Length == IdLength && id.IndexOfAnyExcept(s_hexDigits) < 0;

    /// <summary>
    /// Gets the number of the current term, or 0 while this instance has no lease. A term is a period in which the lease did not end. While
    /// there is no lease, other instances send no messages to this one. Data in memory from an earlier term may therefore be out of date.
    /// </summary>
    public int Term => time.GetTimestamp() < Volatile.Read(ref _endsAt) ? Volatile.Read(ref _term) : 0;

    /// <summary>
    /// Gets a task that completes when the next term begins. Other instances may have found no lease until then, and sent no messages.
    /// </summary>
    public Task NextTerm => Volatile.Read(ref _nextTerm).Task;

    /// <summary>Takes or renews the lease, unless it was renewed less than a third of its duration ago.</summary>
    /// <exception cref="StateUnavailableException">The row could not be written.</exception>
    public ValueTask EnsureLeaseAsync(CancellationToken cancellationToken) =>
        time.GetTimestamp() < Volatile.Read(ref _renewAt) ? ValueTask.CompletedTask : new(RenewAsync(cancellationToken));

    /// <summary>
    /// Takes or renews the lease like <see cref="EnsureLeaseAsync"/>, for callers that can continue without it. It waits for at most one
    /// second, and does not throw when the storage is down.
    /// </summary>
    public async Task TryEnsureLeaseAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_tryTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await EnsureLeaseAsync(bound.Token).AsTask().WaitAsync(bound.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
        }
    }

    /// <summary>Gives up the lease if it is not needed. From then on, senders treat this instance as gone.</summary>
    /// <param name="isNeeded">
    /// A function that returns whether the lease is still needed. Code that needs the lease must make this function return
    /// <see langword="true"/> before it calls <see cref="EnsureLeaseAsync"/>.
    /// </param>
    /// <param name="cancellationToken">The token that ends the attempt.</param>
    public async Task ReleaseLeaseAsync(Func<bool> isNeeded, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // The order matters. Other code may begin to need the lease at this moment. Either isNeeded returns true for it, or its
            // EnsureLeaseAsync sees the renewal time 0, waits for the gate, and takes a new lease.
            Interlocked.Exchange(ref _renewAt, 0);
            if (_etag is not null && !isNeeded())
            {
                Volatile.Write(ref _endsAt, 0);
                _etag = null;
                await store.DeleteAsync(new StateKey(Table, Partition, Id), cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Returns the lease of an instance, which may have lapsed, or <see langword="null"/> when the instance has none: it does not read its
    /// inbox.
    /// </summary>
    public async Task<InstanceLease?> FindAsync(string instance, CancellationToken cancellationToken) =>
        IsInstanceId(instance) && await store.FindAsync(new StateKey(Table, Partition, instance), cancellationToken) is { } row
            ? InstanceLease.Of(row)
            : null;

    /// <summary>Returns the leases of the other instances, including leases that have lapsed.</summary>
    public async Task<List<InstanceLease>> FindOthersAsync(CancellationToken cancellationToken)
    {
        var others = new List<InstanceLease>();
        await foreach (var row in store.QueryAsync(Table, Partition, default, cancellationToken))
        {
            if (row.Key.Row != Id)
            {
                others.Add(InstanceLease.Of(row));
            }
        }

        return others;
    }

    public void Dispose() => _gate.Dispose();

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var started = time.GetTimestamp();
            if (started < _renewAt)
            {
                return;
            }

            _etag = await WriteLeaseAsync(time.GetUtcNow() + _duration + InstanceLease.KeptAfterEnd, cancellationToken);
            Volatile.Write(ref _renewAt, _etag is null ? 0 : After(started, _duration / 3));
            if (_etag is null)
            {
                return;
            }

            // The time is read again after the write. If the old lease ended during a slow renewal, senders found a lapsed lease, and a new
            // term begins.
            var isNewTerm = time.GetTimestamp() >= _endsAt;
            if (isNewTerm)
            {
                Interlocked.Increment(ref _term);
            }

            Volatile.Write(ref _endsAt, After(started, _duration));
            if (isNewTerm)
            {
                Interlocked.Exchange(ref _nextTerm, NewTerm()).SetResult();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private static TaskCompletionSource NewTerm() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long After(long timestamp, TimeSpan duration) => timestamp + (long)(duration.TotalSeconds * time.TimestampFrequency);

    // Only this process writes its row. If the row has another ETag, an earlier renewal was applied but its response was lost. The row is
    // replaced and never deleted first, because a sender that finds no row treats this instance as gone.
    private async Task<string?> WriteLeaseAsync(DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var key = new StateKey(Table, Partition, Id);
        if (_etag is not null && await store.TryReplaceAsync(key, _etag, InstanceLease.Body, expiresAt, cancellationToken) is { } renewed)
        {
            return renewed;
        }

        return await store.TryInsertAsync(key, InstanceLease.Body, expiresAt, cancellationToken)
            ?? (await store.FindAsync(key, cancellationToken) is { } row
                ? await store.TryReplaceAsync(key, row.ETag, InstanceLease.Body, expiresAt, cancellationToken)
                : null);
    }
}
