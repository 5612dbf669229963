using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Tools.Account;

/// <summary>Registers the account tools.</summary>
internal static class AccountServices
{
    /// <summary>Adds the account tools and their client of Microsoft Graph.</summary>
    public static IMcpServerBuilder WithAccount(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        var services = builder.Services;
        services.AddStrictOptions<AccountOptions>(configuration, AccountOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AccountOptions>, AccountOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(GraphClient.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.TryAddSingleton<GraphClient>();
        return builder.WithTools<WhoAmITool>(ToolResult.Json).WithTools<GetMyProfileTool>(ToolResult.Json);
    }
}
