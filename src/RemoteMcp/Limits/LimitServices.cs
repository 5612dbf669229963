using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;

namespace RemoteMcp.Limits;

/// <summary>Registers the limits for each caller and adds them to the pipeline.</summary>
internal static class LimitServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<LimitOptions>(configuration, LimitOptions.Section);
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddSingleton<CallerLimits>();
        services.AddRateLimiter();
        services.AddOptions<RateLimiterOptions>().Configure<CallerLimits>(static (limiter, limits) => limits.Configure(limiter));
        return services;
    }

    /// <summary>
    /// Adds the limits to the pipeline. They follow the middleware that splits batches into messages and the middleware that rejects
    /// callers without permission. Without sign-in, this method adds nothing.
    /// </summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<AuthOptions>>().Value.Mode == AuthMode.None ? app : app.UseRateLimiter();
}
