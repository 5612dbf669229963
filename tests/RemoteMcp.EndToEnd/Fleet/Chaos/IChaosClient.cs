namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>A client of a chaos run. It adds every call to the report.</summary>
internal interface IChaosClient
{
    /// <summary>Makes one call of a random kind.</summary>
    Task NextAsync();

    /// <summary>Makes one more call after all faults have ended.</summary>
    Task LastAsync();

    /// <summary>Makes one call after another.</summary>
    async Task WorkAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await NextAsync();
        }
    }
}
