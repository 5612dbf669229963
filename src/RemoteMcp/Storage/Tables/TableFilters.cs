using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>Creates OData filters. The client library escapes the values.</summary>
internal static class TableFilters
{
    /// <summary>Returns the filter for the live rows of a partition in a range of row keys.</summary>
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

    /// <summary>Returns the filter for the expired rows of a whole table.</summary>
    public static string Expired(DateTimeOffset now) => TableClient.CreateQueryFilter($"Expires le {now}");
}
