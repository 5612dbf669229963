namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>One of the clients of a chaos run; each call ends up in the report.</summary>
internal interface IChaosClient
{
    /// <summary>Makes a call of some kind.</summary>
    Task NextAsync();

    /// <summary>Makes one more call, when all is well again.</summary>
    Task LastAsync();

    /// <summary>Makes one call after the other.</summary>
    async Task WorkAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await NextAsync();
        }
    }
}
