using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>
/// This process's name in the fleet, and the row that says it is alive. The row exists only while the instance holds something that a
/// message may arrive for: whoever finds no live row knows that nobody listens.
/// </summary>
internal sealed class FleetMembership(IStateStore store, IOptions<FleetOptions> options, TimeProvider time) : IDisposable
{
    public const string Table = "Instances";
    public const int IdLength = 16;
    private const string Partition = "fleet";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly BinaryData Body = BinaryData.FromString("{}");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TimeSpan _lease = options.Value.Lease;
    private string? _etag;
    private long _renewAtTicks;
    private long _endsAtTicks;
    private int _term;

    /// <summary>Unique for good: a restarted process is another instance. Hexadecimal, as it travels in ids and keys.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <summary>Whether a name that came from outside can be an instance's.</summary>
    public static bool IsInstanceId(ReadOnlySpan<char> id) => id.Length == IdLength && id.IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>
    /// A number for the time since which the lease has not ended, 0 where it has: what was sent to this instance in between was refused,
    /// and what it holds from an earlier term may be out of date.
    /// </summary>
    public int Term => time.GetUtcNow().UtcTicks < Volatile.Read(ref _endsAtTicks) ? Volatile.Read(ref _term) : 0;

    /// <summary>Says that this instance is alive, unless it did so within a third of the lease.</summary>
    /// <exception cref="StateUnavailableException">The row could not be written.</exception>
    public ValueTask StayAsync(CancellationToken cancellationToken) =>
        time.GetUtcNow().UtcTicks < Volatile.Read(ref _renewAtTicks) ? ValueTask.CompletedTask : new(RenewAsync(cancellationToken));

    /// <summary>As <see cref="StayAsync"/> for whoever can do without: does not wait for longer than a second, and not for a storage that is down.</summary>
    public async Task TryStayAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await StayAsync(ends.Token).AsTask().WaitAsync(ends.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
        }
    }

    /// <summary>Gives the lease up: messages for this instance are refused from now on.</summary>
    /// <param name="isNeeded">Whether somebody needs it after all, who asked for attention before <see cref="StayAsync"/>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task LeaveAsync(Func<bool> isNeeded, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // In this order: whoever needs it from now on either is seen here, or sees that the lease has to be taken and waits for the gate.
            Interlocked.Exchange(ref _renewAtTicks, 0);
            if (_etag is not null && !isNeeded())
            {
                Volatile.Write(ref _endsAtTicks, 0);
                _etag = null;
                await store.DeleteAsync(new StateKey(Table, Partition, Id), cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The lease of an instance; <see langword="null"/> where it has none, and nobody listens.</summary>
    public async Task<InstanceLease?> FindAsync(string instance, CancellationToken cancellationToken) =>
        IsInstanceId(instance) && await store.FindAsync(new StateKey(Table, Partition, instance), cancellationToken) is { } row ? InstanceLease.Of(row) : null;

    /// <summary>The other instances that listen now.</summary>
    public async Task<List<InstanceLease>> OthersAsync(CancellationToken cancellationToken)
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
            var now = time.GetUtcNow();
            if (now.UtcTicks < _renewAtTicks)
            {
                return;
            }

            _etag = await TakeAsync(now + _lease, cancellationToken);
            Volatile.Write(ref _renewAtTicks, _etag is null ? 0 : (now + (_lease / 3)).UtcTicks);
            if (_etag is null)
            {
                return;
            }

            // Looked at when the row is there again: while a slow renewal was on its way, others may have found none.
            if (time.GetUtcNow().UtcTicks >= _endsAtTicks)
            {
                Interlocked.Increment(ref _term);
            }

            Volatile.Write(ref _endsAtTicks, (now + _lease).UtcTicks);
        }
        finally
        {
            _gate.Release();
        }
    }

    // The row is this process's alone. Where its tag is another one, a renewal was applied though its answer was lost; the row stays there
    // all the time, as a sender that missed it would take this instance for gone.
    private async Task<string?> TakeAsync(DateTimeOffset ends, CancellationToken cancellationToken)
    {
        var key = new StateKey(Table, Partition, Id);
        if (_etag is not null && await store.TryReplaceAsync(key, _etag, Body, ends, cancellationToken) is { } renewed)
        {
            return renewed;
        }

        return await store.TryInsertAsync(key, Body, ends, cancellationToken)
            ?? (await store.FindAsync(key, cancellationToken) is { } row ? await store.TryReplaceAsync(key, row.ETag, Body, ends, cancellationToken) : null);
    }
}
