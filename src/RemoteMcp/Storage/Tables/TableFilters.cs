using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>OData filters; the client library escapes the values.</summary>
internal static class TableFilters
{
    /// <summary>The rows of a partition in a range of row keys that have not expired.</summary>
    public static string Live(string partition, StateRange range, DateTimeOffset now)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        if (range.After is not null)
        {
            filter += " and " + TableClient.CreateQueryFilter($"RowKey gt {range.After}");
        }

        if (range.Before is not null)
        {
            filter += " and " + TableClient.CreateQueryFilter($"RowKey lt {range.Before}");
        }

        return filter + " and " + TableClient.CreateQueryFilter($"Expires gt {now}");
    }

    /// <summary>The expired rows of a whole table.</summary>
    public static string Expired(DateTimeOffset now) => TableClient.CreateQueryFilter($"Expires le {now}");
}
