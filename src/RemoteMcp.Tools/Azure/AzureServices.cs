using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Tools.Azure;

/// <summary>Registers the Azure tools.</summary>
internal static class AzureServices
{
    /// <summary>Adds the Azure tools if they are enabled. Their options are validated in any case.</summary>
    public static IMcpServerBuilder WithAzure(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        var services = builder.Services;
        var section = configuration.GetSection(AzureOptions.Section);
        services.AddStrictOptions<AzureOptions>(configuration, AzureOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AzureOptions>, AzureOptionsValidator>());
        if (!bool.TryParse(section[nameof(AzureOptions.Enabled)], out var enabled) || !enabled)
        {
            return builder;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(AzureClient.HttpClientName).ConfigurePrimaryHttpMessageHandler(static () =>
            new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All });
        services.TryAddSingleton<AzureClient>();
        builder
            .WithTools<ListSubscriptionsTool>(ToolResult.Json)
            .WithTools<QueryResourcesTool>(ToolResult.Json)
            .WithTools<GetMetricsTool>(ToolResult.Json);
        // A value that cannot be read is refused before the host is built.
        Enum.TryParse<AzureIdentity>(section[nameof(AzureOptions.Identity)], ignoreCase: true, out var identity);
        return new AzureOptions { Identity = identity, WorkspaceId = section[nameof(AzureOptions.WorkspaceId)] }.HasLogs
            ? builder.WithTools<QueryLogsTool>(ToolResult.Json)
            : builder;
    }
}
