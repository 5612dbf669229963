using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;

namespace RemoteMcp.Limits;

/// <summary>Registers the limits of each caller, and puts them in the way of a request.</summary>
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

    /// <summary>After the messages of a batch go their own ways, and after who may not call at all was told so.</summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<AuthOptions>>().Value.Mode == AuthMode.None ? app : app.UseRateLimiter();
}
