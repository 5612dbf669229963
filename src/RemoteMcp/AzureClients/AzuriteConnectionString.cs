namespace RemoteMcp.AzureClients;

/// <summary>
/// Accepts only connection strings of Azurite, because the connection string of a real account contains a key, and a key must not be in the
/// settings.
/// </summary>
public static class AzuriteConnectionString
{
    private const string AccountName = "devstoreaccount1";

    /// <summary>Validates a connection string.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="endpointOf">
    /// A function that parses the connection string with the service's client of the Azure SDK, and returns the endpoint of the service.
    /// </param>
    /// <param name="service">The service, for the message, e.g. <c>tables</c>.</param>
    /// <param name="endpointKey">The key of the endpoint in a connection string, e.g. <c>TableEndpoint</c>.</param>
    /// <param name="urlSetting">The setting to use instead, with the URL of a real account.</param>
    /// <returns>
    /// What is wrong and how to correct it, as the rest of a sentence that begins with the setting's name, or <see langword="null"/> for a
    /// connection string of Azurite. The text never contains a value that can be a key.
    /// </returns>
    public static string? Validate(
        string connectionString, Func<string, Uri> endpointOf, string service, string endpointKey, string urlSetting)
    {
        ArgumentNullException.ThrowIfNull(endpointOf);
        var remedy = $"Set it to UseDevelopmentStorage=true, or to Azurite's connection string (with its {endpointKey}). "
            + $"For a real account, set {urlSetting} to its URL instead. "
            + "The server then signs in with a managed identity and needs no key.";
        Uri endpoint;
        try
        {
            endpoint = endpointOf(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return $"is not a connection string for {service}. {remedy}";
        }

        // Azurite can have any host name, such as the name of a container. Only Azurite has the account name in the path.
        return endpoint.IsLoopback || endpoint.AbsolutePath.Trim('/') == AccountName
            ? null
            : $"is for a real account, on {endpoint.Host}. {remedy}";
    }
}
