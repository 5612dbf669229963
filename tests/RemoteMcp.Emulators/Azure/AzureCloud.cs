using System.Collections.Concurrent;

namespace RemoteMcp.Emulators.Azure;

public sealed record AzureSubscription(string Id, string Name, string TenantId, string State = "Enabled");

public sealed record AzureResource(string Id, string Name, string Type, string Location)
{
    /// <summary>The values of each metric, one for each point in time.</summary>
    public IReadOnlyDictionary<string, AzureMetric> Metrics { get; init; } = new Dictionary<string, AzureMetric>();

    public string SubscriptionId => Id.Split('/')[2];
}

public sealed record AzureMetric(string Unit, IReadOnlyList<double?> Values);

/// <summary>A table of a workspace. The emulator does not run queries. It responds with the table with which the query begins.</summary>
public sealed record AzureLogTable(IReadOnlyList<(string Name, string Type)> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

public sealed class AzureWorkspace
{
    public ConcurrentDictionary<string, AzureLogTable> Tables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The error of a partial response, or null if the response is complete.</summary>
    public string? PartialError { get; set; }
}

/// <summary>A request to the Log Analytics query API or to Resource Graph, as the emulator received it.</summary>
public sealed record AzureQuery(string Query, string? Timespan, string? Prefer);

/// <summary>The resources of the emulated Azure, and the principals that can read them.</summary>
public sealed class AzureCloud
{
    private readonly ConcurrentBag<(string Principal, string Role, string Scope)> _assignments = [];
    private readonly ConcurrentQueue<AzureFault> _faults = new();

    public IList<AzureSubscription> Subscriptions { get; } = [];

    public IList<AzureResource> Resources { get; } = [];

    public ConcurrentDictionary<string, AzureWorkspace> Workspaces { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of the key vault.</summary>
    public ConcurrentDictionary<string, AzureKey> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of subscriptions on a page of Resource Manager.</summary>
    public int SubscriptionsPerPage { get; set; } = 100;

    /// <summary>The quota that Resource Graph reports to the caller: <c>x-ms-user-quota-remaining</c>.</summary>
    public int QuotaRemaining { get; set; } = 14;

    /// <summary>All queries that got a response, in order.</summary>
    public ConcurrentQueue<AzureQuery> Queries { get; } = new();

    /// <summary>
    /// Assigns a role to a user or service principal, by its object ID, on the ID of a subscription, resource, or workspace.
    /// </summary>
    public void Assign(string principal, string role, string scope) => _assignments.Add((principal, role, scope));

    /// <summary>Makes the next request fail, no matter which request it is.</summary>
    public void Fail(AzureFault fault, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _faults.Enqueue(fault);
        }
    }

    internal bool TryTakeFault(out AzureFault? fault) => _faults.TryDequeue(out fault);

    internal bool Has(string principal, string scope, params ReadOnlySpan<string> roles)
    {
        foreach (var (holder, role, on) in _assignments)
        {
            if (holder == principal && roles.Contains(role) && (scope + "/").StartsWith(on + "/", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
