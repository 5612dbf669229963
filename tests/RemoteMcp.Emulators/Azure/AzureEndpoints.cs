using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Azure;

/// <summary>
/// Azure Resource Manager below <c>/arm</c>, the Log Analytics query API below <c>/loganalytics</c>, and the keys of a key vault below
/// <c>/keys</c>, because the identifier of a key has no other path.
/// </summary>
internal static class AzureEndpoints
{
    private const string Impersonation = "user_impersonation";

    public static IServiceCollection AddAzure(this IServiceCollection services) => services
        .AddSingleton<AzureCloud>()
        .AddSingleton<AzureAccess>()
        .AddSingleton<SubscriptionsEndpoint>()
        .AddSingleton<ResourceGraphEndpoint>()
        .AddSingleton<MetricsEndpoint>()
        .AddSingleton<LogsEndpoint>()
        .AddSingleton<KeyVaultEndpoint>();

    public static void MapAzure(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/arm/subscriptions", (HttpContext context, SubscriptionsEndpoint endpoint) =>
            RunAsync(
                context, MicrosoftApplications.ResourceManagerId, Impersonation, who => Task.FromResult(endpoint.Handle(context, who))));
        routes.MapPost("/arm/providers/Microsoft.ResourceGraph/resources", (HttpContext context, ResourceGraphEndpoint endpoint) =>
            RunAsync(context, MicrosoftApplications.ResourceManagerId, Impersonation, who => endpoint.HandleAsync(context, who)));
        routes.MapGet("/arm/subscriptions/{**rest}", (HttpContext context, string rest, MetricsEndpoint endpoint) =>
            RunAsync(
                context,
                MicrosoftApplications.ResourceManagerId,
                Impersonation,
                who => Task.FromResult(endpoint.Handle(context, "/subscriptions/" + rest, who))));
        routes.MapPost("/loganalytics/v1/workspaces/{id}/query", (HttpContext context, string id, LogsEndpoint endpoint) =>
            RunAsync(context, MicrosoftApplications.LogAnalyticsId, "Data.Read", who => endpoint.HandleAsync(context, id, who)));
        routes.MapGet("/keys/{name}/{version?}", (HttpContext context, string name, string? version, KeyVaultEndpoint endpoint) =>
            RunAsync(
                context,
                MicrosoftApplications.KeyVaultId,
                Impersonation,
                who => Task.FromResult(endpoint.Get(context, name, version, who))));
        routes.MapPost(
            "/keys/{name}/{version}/{operation}",
            (HttpContext context, string name, string version, string operation, KeyVaultEndpoint endpoint) => RunAsync(
                context,
                MicrosoftApplications.KeyVaultId,
                Impersonation,
                who => endpoint.TransformAsync(context, name, version, operation, who)));
    }

    private static async Task RunAsync(HttpContext context, string audience, string scope, Func<string, Task<IResult>> handle)
    {
        if (context.RequestServices.GetRequiredService<AzureCloud>().TryTakeFault(out var fault))
        {
            await fault!.Answer(context);
            return;
        }
        var (principal, refusal) = await context.RequestServices.GetRequiredService<AzureAccess>().CheckAsync(context, audience, scope);
        await (refusal ?? await handle(principal!)).ExecuteAsync(context);
    }
}
