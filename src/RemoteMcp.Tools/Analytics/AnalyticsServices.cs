using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Tools.Analytics.Import;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>Registers the analytics tools.</summary>
internal static class AnalyticsServices
{
    /// <summary>Adds the analytics tools.</summary>
    public static IMcpServerBuilder WithAnalytics(this IMcpServerBuilder builder, IConfiguration configuration)
    {
        builder.Services.AddAnalytics(configuration).TryAddSingleton<MetricQuery>();
        return builder
            .WithTools<ListMetricsTool>(ToolResult.Json)
            .WithTools<QueryAnalyticsTool>(ToolResult.Json);
    }

    /// <summary>Adds the services that read, import and remove metrics. They need the state store.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<AnalyticsOptions>(configuration, AnalyticsOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AnalyticsOptions>, AnalyticsOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ImportLog>();
        services.TryAddSingleton<DayRows>();
        services.TryAddSingleton<CsvImport>();
        services.TryAddSingleton<ImportRemoval>();
        return services;
    }
}
